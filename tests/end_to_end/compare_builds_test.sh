#!/bin/bash
# compare_builds_test.sh PART SCRIPT TOOL
set -euo pipefail
part=$1 script=$2 tool=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

case $part in
  finds_no_difference)
    SEEDS="0 3" "$script" "$tool" "$tool"
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
    SEEDS=1 "$script" "$tool" "$scratch/other" >"$scratch/output" || status=$?
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
