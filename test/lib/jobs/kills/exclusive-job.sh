# A job that says loudly when it runs twice at once. WORLD: its folder; NAP: how long it works; CODE: how it ends.
if ! mkdir "$WORLD/inside" 2>/dev/null; then
  echo "$DEVOPS_RUN_ID" >>"$WORLD/two-at-once"
  exit 99
fi
echo "start $DEVOPS_RUN_ID $CODE" >>"$WORLD/journal"
echo "working on $DEVOPS_RUN_ID"
sleep "$NAP"
echo "stop $DEVOPS_RUN_ID $CODE" >>"$WORLD/journal"
rmdir "$WORLD/inside"
exit "$CODE"
