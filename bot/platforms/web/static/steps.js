"use strict";
// The steps of somebody's work, each with an address, as long as their tab is open.

const Steps = (() => {
  const KEPT = "steps";
  const MOST = 100;

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) || { list: [], at: 0 };
    } catch {
      return { list: [], at: 0 };
    }
  }

  /** Find the steps that lead here; `before` is the address of the tune that this one comes from. */
  function open(before) {
    let { list, at } = kept();
    const keep = () => {
      try {
        sessionStorage.setItem(KEPT, JSON.stringify({ list, at }));
      } catch {
        // a browser that keeps nothing has its own way back
      }
    };
    const is = (step) => step && step.path === location.pathname && step.hash === location.hash;

    // Find this address among the steps, the nearest to the last one; or begin anew.
    function find() {
      ({ list, at } = kept());
      const places = list.map((step, index) => index).filter((index) => is(list[index]));
      places.sort((a, b) => Math.abs(a - at) - Math.abs(b - at));
      if (places.length) [at] = places;
      else {
        list = before ? [{ path: before, hash: "" }] : [];
        if (location.hash) list.push({ path: location.pathname, hash: "" });
        list.push({ path: location.pathname, hash: location.hash });
        at = list.length - 1;
      }
      keep();
    }

    function add(path, hash) {
      list = [...list.slice(0, at + 1), { path, hash }].slice(-MOST);
      at = list.length - 1;
      keep();
    }

    function move(by) {
      if (!list[at + by]) return null;
      at += by;
      keep();
      return list[at];
    }

    find();
    return {
      add,
      find,
      back: () => move(-1),
      forth: () => move(1),
      earlier: () => at > 0,
      later: () => at + 1 < list.length,
      here: (hash) => list[at]?.path !== location.pathname || list[at].hash === hash,
    };
  }

  return { open };
})();
