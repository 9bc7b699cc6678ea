#!/usr/bin/env bash
# On the first start of docker-compose's PostgreSQL: the application's role, which owns nothing, and the owner.
set -euo pipefail
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
  --set app="$TNW_APP_PASSWORD" --set owner="$TNW_OWNER_PASSWORD" <<'SQL'
create role tnw_app login password :'app';
create role tnw_owner login password :'owner';
grant tnw_app to tnw_owner;
create database tnw owner tnw_owner;
SQL
