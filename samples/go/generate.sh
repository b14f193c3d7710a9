#!/usr/bin/env bash
# Makes the Go code of the gateway's contract in gen/.
set -euo pipefail
cd "$(dirname "$0")"

protos=../../src/Orchestration.Contracts/Protos
files=$(cd "$protos" && ls orchestration/{chat,embeddings,errors,gateway,identity,pricing,rerank}/v1/*.proto orchestration/metrics/v1/{metrics,search}.proto)
packages=()
for file in $files; do
  name=$(basename "$(dirname "$(dirname "$file")")")
  packages+=("--go_opt=M$file=sample/gen/$name" "--go-grpc_opt=M$file=sample/gen/$name")
done
# shellcheck disable=SC2086
protoc --proto_path="$protos" --go_out=. --go_opt=module=sample --go-grpc_out=. --go-grpc_opt=module=sample "${packages[@]}" $files
