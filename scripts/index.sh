# Sourced: uv does not read pip's configuration, so hand on where packages come from and whom to trust.
pip_setting() {
  .venv/bin/python -m pip config get "install.$1" 2>/dev/null ||
    .venv/bin/python -m pip config get "global.$1" 2>/dev/null || true
}
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
  index=${PIP_INDEX_URL:-$(pip_setting index-url)}
  [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
fi
if [ -z "${SSL_CERT_FILE:-}" ]; then
  certificates=${PIP_CERT:-$(pip_setting cert)}
  [ -z "$certificates" ] || export SSL_CERT_FILE="$certificates"
fi
export UV_HTTP_TIMEOUT=${UV_HTTP_TIMEOUT:-180}
