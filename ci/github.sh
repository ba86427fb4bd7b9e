# What action.yml runs: the review, its outputs and its summary. The exit code is the review's.
set -u
python="$RUNNER_TEMP/assay/bin/python"
args=(review --json --url "$INPUT_PREVIEW")
if [ -n "$INPUT_BASE" ] && [ "$INPUT_BASE" != origin/ ]; then
  args+=(--base "$INPUT_BASE")
  [ -z "$INPUT_DESCRIPTION" ] || args+=(--description "$INPUT_DESCRIPTION")
else
  args+=(--pr "$PR_URL")
fi
[ -z "$INPUT_APPLICATION" ] || args+=(--app "$INPUT_APPLICATION")
[ -z "$INPUT_CONTEXT" ] || args+=(--context "$INPUT_CONTEXT")
[ "$INPUT_WAIT" != false ] || args+=(--no-wait)

code=0
PYTHONPATH="$GITHUB_ACTION_PATH/src" "$python" -m assay.cli.main "${args[@]}" \
  >"$RUNNER_TEMP/assay-review.json" || code=$?
"$python" "$GITHUB_ACTION_PATH/ci/summary.py" "$RUNNER_TEMP/assay-review.json" \
  "$GITHUB_OUTPUT" "$GITHUB_STEP_SUMMARY"
exit "$code"
