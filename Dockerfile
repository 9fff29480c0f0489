# The bot with the fast engine and the PostgreSQL driver: no TensorFlow, no compiler, no root.
# docker build --target cluster .  is a node of a Ray cluster that composes and draws for bots.
FROM python:3.11-bookworm AS build
WORKDIR /app
COPY Makefile ./
RUN make npm
RUN make soundfont
COPY pyproject.toml requirements.lock hatch_build.py package.json package-lock.json .npmrc README.md PRIVACY.md TERMS.md LICENSE ./
COPY bot bot
COPY generator generator
RUN make image
COPY models models

FROM build AS cluster
RUN make cluster
COPY serve.yaml ./
ENV HOME=/tmp PYTHONUNBUFFERED=1 RAY_USAGE_STATS_ENABLED=0 PATH=/app/.venv/bin:$PATH
USER 10001:10001
EXPOSE 6379 8000 8265
CMD ["serve", "run", "serve.yaml"]

FROM python:3.11-slim-bookworm AS bot
WORKDIR /app
COPY --from=build /usr/share/fluidr3mono-gm-soundfont /usr/share/fluidr3mono-gm-soundfont
COPY --from=build /usr/share/doc/fluidr3mono-gm-soundfont /usr/share/doc/fluidr3mono-gm-soundfont
COPY --from=build --chown=10001:10001 /app /app
ENV HOST=0.0.0.0 PYTHONUNBUFFERED=1 PATH=/app/.venv/bin:$PATH
USER 10001:10001
VOLUME /app/data
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["python", "-m", "bot"]
