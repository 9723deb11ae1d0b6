#!/bin/bash
# compare_builds_test.sh PART SCRIPT TOOL
set -euo pipefail
part=$1 script=$2 tool=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

case $part in
  finds_no_difference)
    SEEDS="0 3" "$script" "$tool" "$tool" | tee "$scratch/output"
    grep -qE "the same events; [2-9] findings repeated" "$scratch/output"
    ;;
  finds_what_is_not_repeated)
    # A build that forgets what a token says.
    cat >"$scratch/other" <<END
#!/bin/bash
[[ \$1 == replay ]] && exec "$tool" run "\$2" --quiet
exec "$tool" "\$@"
END
    chmod +x "$scratch/other"
    status=0
    BENCHES="$(dirname "$script")/../tests/end_to_end/racing/racing.toml" SEEDS=0 \
      "$script" "$tool" "$scratch/other" >"$scratch/output" || status=$?
    cat "$scratch/output"
    [[ $status == 1 ]]
    grep -q "^not repeated: driver-001 of .*racing.toml, plain drivers" "$scratch/output"
    grep -q "^not repeated: driver-001 of .*racing.toml, instrumented drivers" "$scratch/output"
    ;;
  finds_a_difference)
    # A build in which one event happens a little later.
    cat >"$scratch/other" <<END
#!/bin/bash
"$tool" "\$@"
while [[ \$1 != --events ]]; do shift; done
sed -i '100s/ p0 / p1 /; 100s/^/1/' "\$2"
END
    chmod +x "$scratch/other"
    status=0
    SEEDS=1 RACES="" "$script" "$tool" "$scratch/other" >"$scratch/output" || status=$?
    cat "$scratch/output"
    [[ $status == 1 ]]
    grep -q "^different: .*seed 1" "$scratch/output"
    grep -q "100c100" "$scratch/output"
    ;;
  other_builds)
    if [[ -z ${GPIOCLX_OTHER_BUILDS:-} ]]; then
      echo "not run here: GPIOCLX_OTHER_BUILDS names no other builds of the tool"
      exit 77
    fi
    read -ra others <<<"$GPIOCLX_OTHER_BUILDS"
    "$script" "$tool" "${others[@]}"
    ;;
esac
