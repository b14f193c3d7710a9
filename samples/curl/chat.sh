#!/usr/bin/env bash
# Streams an answer, event by event. Ends with 1 when the request is refused or the answer is cut.
set -euo pipefail

url=${ORCHESTRATION_URL:-http://localhost:8080}
model=${ORCHESTRATION_MODEL:-auto}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

curl --silent --show-error --no-buffer --fail-with-body --max-time 120 "$url/v1/chat/completions" \
  --header "Authorization: Bearer ${ORCHESTRATION_KEY:?set it to a key of your project}" \
  --header "Content-Type: application/json" \
  --data '{"model":"'"$model"'","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Which planet is the largest?"}]}' \
  | tee "$answer" || { echo "The request was refused." >&2; exit 1; }

# A stream that breaks off has an error event and no [DONE].
grep -q '^data: \[DONE\]' "$answer" || { echo "The answer is not complete." >&2; exit 1; }
