"""One tune: the ways in which such networks are usually sampled, over ours."""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engine_steps import endless_jobs
from benchmarks.row import Row, at_least
from benchmarks.timing import least_times, repeated
from generator.compose.loaded_model import open_model
from generator.compose.model import find_model
from generator.compose.sampler import Job
from generator.network.fast import FastEngine, load_kernel
from generator.network.weights import NetworkWeights, read_weights

Step = Callable[[], object]
BATCH = 64


def rows(model: str, models: Path, seconds: float) -> Iterator[Row]:
    """Keras as published and under ``tf.function``, then the peers that are installed."""
    path = find_model(model, models).weights
    network, kernel = read_weights(path), load_kernel(path)
    loaded = open_model(model, "fast", models)
    sampler, wish = loaded.new_sampler(), next(endless_jobs(loaded))

    def tune() -> Job:
        """The same tune each time, begun afresh, from its prompt to its end."""
        job = replace(wish, finished=[])
        sampler.begin(job)
        while sampler.busy:
            sampler.step()
        return job

    characters = len(wish.prompt) + len(tune().finished[0].text)

    keras_steps = keras_ways(path, network.vocabulary)
    times = {"ours": tune, **{name: step for name, step in keras_steps.items() if step}}
    best = least_times(times, seconds=3 * seconds)
    ours = best["ours"] / characters
    for name, reach in (("predict", 300.0), ("tf.function", 5.0)):
        measure = f"one tune: stateful Keras, {name} / ours"
        if name in best:
            detail = f"{best[name] * 1e6:,.0f} us a character over {ours * 1e6:.0f}, the whole of sampling"
            yield at_least(measure, best[name] / ours, reach, detail)
        else:
            yield Row(measure, None, f">= {reach:g}", detail="Keras or TensorFlow is not installed")
    engine = FastEngine(kernel, BATCH)
    for name, make in (("PyTorch nn.LSTM", torch_step), ("onnxruntime LSTM op", onnx_step)):
        for batch in (1, BATCH):
            measure = f"{name}, batch {batch} / ours"
            step = make(network, batch)
            if step is None:
                yield Row(measure, None, detail="not installed")
                continue
            slots = np.arange(batch)
            ours_step = repeated(lambda s=slots: engine.step(s, s % network.vocabulary), 4)
            best = least_times({"ours": ours_step, "theirs": repeated(step, 4)}, seconds=seconds)
            detail = f"{best['theirs'] / 4 * 1e6:.0f} us a step over {best['ours'] / 4 * 1e6:.0f}"
            yield Row(measure, best["theirs"] / best["ours"], detail=detail)


def keras_ways(path: Path, vocabulary: int) -> dict[str, Step | None]:
    """One character through the stateful model: as published, and compiled."""
    if importlib.util.find_spec("keras") is None or importlib.util.find_spec("tensorflow") is None:
        return {"predict": None, "tf.function": None}
    import tensorflow as tf  # noqa: PLC0415

    from generator.network.keras_network import build  # noqa: PLC0415

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    model = build(vocabulary, 1, 1)
    model.load_weights(str(path))
    character = np.array([[1]], np.int32)
    held = tf.constant(character)
    ways: dict[str, Step | None] = {"predict": lambda: model.predict(character, verbose=0)}
    compiled = tf.function(lambda x: model(x, training=False), jit_compile=True)
    plain = tf.function(lambda x: model(x, training=False))
    times = least_times(
        {"jit": lambda: compiled(held).numpy(), "plain": lambda: plain(held).numpy()}, seconds=1.0
    )
    quicker = compiled if times["jit"] < times["plain"] else plain
    ways["tf.function"] = lambda: quicker(held).numpy()
    return ways


def torch_step(network: NetworkWeights, batch: int) -> Step | None:
    """PyTorch's nn.LSTM, stepped from Python."""
    if importlib.util.find_spec("torch") is None:
        return None
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    units, layers = network.units, len(network.lstms)
    embedding = torch.nn.Embedding.from_pretrained(torch.tensor(network.embedding))
    lstms = torch.nn.LSTM(network.embedding.shape[1], units, layers)
    with torch.no_grad():
        for number, lstm in enumerate(network.lstms):  # PyTorch has the gates in Keras's order
            getattr(lstms, f"weight_ih_l{number}").copy_(torch.tensor(lstm.kernel.T))
            getattr(lstms, f"weight_hh_l{number}").copy_(torch.tensor(lstm.recurrent.T))
            getattr(lstms, f"bias_ih_l{number}").copy_(torch.tensor(lstm.bias))
            getattr(lstms, f"bias_hh_l{number}").zero_()
    dense, bias = torch.tensor(network.dense), torch.tensor(network.dense_bias)
    characters = torch.arange(batch)[None] % network.vocabulary
    state: list[Any] = [None]

    def step() -> object:
        with torch.inference_mode():
            out, state[0] = lstms(embedding(characters), state[0])
            return (out[0] @ dense + bias).numpy()

    return step


def onnx_step(network: NetworkWeights, batch: int) -> Step | None:
    """Onnxruntime's LSTM operator, one step of all layers in a run."""
    if importlib.util.find_spec("onnxruntime") is None or importlib.util.find_spec("onnx") is None:
        return None
    import onnx  # noqa: PLC0415
    import onnxruntime  # noqa: PLC0415
    from onnx import helper, numpy_helper  # noqa: PLC0415

    units, values, nodes = network.units, [], []

    def hold(name: str, array: np.ndarray) -> str:
        values.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def reordered(matrix: np.ndarray) -> np.ndarray:
        """Keras has the gates as i, f, c, o; ONNX wants i, o, f, c, and rows for columns."""
        i, f, c, o = np.split(matrix, 4, axis=-1)
        return np.concatenate([i, o, f, c], axis=-1).T[None]

    hold("embedding", network.embedding)
    hold("one", np.array([1], np.int64))
    nodes.append(helper.make_node("Gather", ["embedding", "characters"], ["x0"]))
    floats, inputs, outputs = onnx.TensorProto.FLOAT, [], []
    for number, lstm in enumerate(network.lstms):
        kernel, recurrent = (
            hold(f"W{number}", reordered(lstm.kernel)),
            hold(f"R{number}", reordered(lstm.recurrent)),
        )
        bias = np.concatenate([reordered(lstm.bias[None])[0].T, np.zeros((1, 4 * units), np.float32)], axis=1)
        state = [f"h{number}", f"c{number}"]
        nodes.append(
            helper.make_node(
                "LSTM",
                [f"x{number}", kernel, recurrent, hold(f"B{number}", bias), "", *state],
                [f"y{number}", f"new_h{number}", f"new_c{number}"],
                hidden_size=units,
            )
        )
        nodes.append(helper.make_node("Squeeze", [f"y{number}", "one"], [f"x{number + 1}"]))
        inputs += [helper.make_tensor_value_info(name, floats, [1, batch, units]) for name in state]
        outputs += [helper.make_tensor_value_info(f"new_{name}", floats, [1, batch, units]) for name in state]
    top = f"x{len(network.lstms)}"
    nodes.append(helper.make_node("MatMul", [top, hold("dense", network.dense)], ["product"]))
    nodes.append(helper.make_node("Add", ["product", hold("bias", network.dense_bias)], ["logits"]))
    inputs.append(helper.make_tensor_value_info("characters", onnx.TensorProto.INT64, [1, batch]))
    outputs.append(helper.make_tensor_value_info("logits", floats, [1, batch, network.vocabulary]))
    graph = helper.make_graph(nodes, "lstm", inputs, outputs, values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    feed = {value.name: np.zeros((1, batch, units), np.float32) for value in inputs[:-1]}
    feed["characters"] = np.arange(batch, dtype=np.int64)[None] % network.vocabulary
    names = [output.name for output in outputs]

    def step() -> object:
        *states, logits = session.run(names, feed)
        for name, state in zip(names, states, strict=False):
            feed[name.removeprefix("new_")] = state
        return logits

    return step
