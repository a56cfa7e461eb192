#!/bin/sh
# The work of the night: a backup that is proved at once, then the audit trail, then what is out of date.
# waystation-nightly.service runs it; any failure makes the unit fail, and the steps before it stand.
set -eu

cd "$(dirname "$0")/.."
manage() { .venv/bin/python manage.py "$@"; }
folder=${WAYSTATION_BACKUPS:-/var/lib/waystation/backups}
kept_days=${WAYSTATION_BACKUP_DAYS:-90}
mkdir -p "$folder"

backup="$folder/$(date +%Y-%m-%dT%H%M%S).backup"
manage ops backup "$backup"
manage ops verify "$backup"
find "$folder" -name '*.backup' -mtime "+$kept_days" -delete

# The heads of the nights before prove that nobody wrote the chain anew from its start.
heads="$folder/audit-heads.jsonl"
if [ -s "$heads" ]; then
    manage audit_verify --heads "$heads"
else
    manage audit_verify
fi
manage audit_export_head "$heads"

manage clearsessions
manage prune_db_task_results --min-age-days 30
