# What a command of ours does: each new line of WORLD/log is something that happened once. It tells the job of it by the
# channel first, and only then remembers how far it has read. NAP: how long it works.
if ! mkdir "$WORLD/inside" 2>/dev/null; then
  echo "$DEVOPS_RUN_ID" >>"$WORLD/two-at-once"
  exit 99
fi
echo "start $DEVOPS_RUN_ID 0" >>"$WORLD/journal"
tell() { printf '%s\n' "$1" >&"$DEVOPS_JOB_CHANNEL"; }
told=$(cat "$WORLD/read" 2>/dev/null || echo 0)
found=0
for line in $(tail -n "+$((told + 1))" "$WORLD/log" 2>/dev/null); do
  tell "{\"verdict\":{\"status\":\"critical\",\"subject\":\"log\",\"code\":\"fired\",\"message\":\"found $line\",\"event\":\"$line\"}}"
  told=$((told + 1))
  found=1
  echo "$told" >"$WORLD/read.new" && mv "$WORLD/read.new" "$WORLD/read"
done
sleep "$NAP"
tell "{\"end\":{\"exitCode\":$found}}"
echo "stop $DEVOPS_RUN_ID 0" >>"$WORLD/journal"
rmdir "$WORLD/inside"
exit "$found"
