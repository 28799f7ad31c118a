# The course bot as a container image. Build: docker build -t course-bot .   Run: see compose.yaml, docs/operations.md.

# The image to build on, by digest: the same for everybody. scripts/pin_images.sh finds out which one its tag is today.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

# First stage: the locked dependencies, in a virtual environment that the second stage takes over as it is.
FROM ${PYTHON_IMAGE} AS build
WORKDIR /app
COPY requirements/run.lock requirements/run.lock
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/run.lock
COPY bot bot
COPY storage storage
COPY messages messages
# Compiled here, programs and messages, because the program's own user may not write outside data/.
RUN .venv/bin/python -m compileall -q bot storage && .venv/bin/python -m bot chat </dev/null >/dev/null && chmod -R a+rX bot storage messages

# Second stage: no build tools, no secrets (they come in at the start, as files), a user without rights.
FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="course-bot" \
      org.opencontainers.image.description="Answers questions about a course, signs people up and tells staff at once" \
      org.opencontainers.image.licenses="EUPL-1.2"
RUN groupadd --gid 10001 bot && useradd --uid 10001 --gid bot --no-create-home --shell /usr/sbin/nologin bot \
    && install -d -o bot -g bot -m 700 /app/data
WORKDIR /app
COPY LICENSE LICENSE
COPY --from=build /app /app
# 0.0.0.0 is inside the container only; publish the port where it is wanted, and then set PUBLIC_URL to the address
# that people use.
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=8080 \
    PUBLIC_URL=http://127.0.0.1:8080 \
    LOG_FORMAT=json
USER 10001:10001
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"HTTP_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
