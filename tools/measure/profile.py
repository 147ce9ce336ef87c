#!/usr/bin/env python3
"""Shows where rustc spends the time of a rebuild of spanner-v1 and healthcare-v1, by its own profiler.

    tools/measure/profile.py [--runs 5] [--labels 0] [--feature NAME …]

Builds the crate as cargo builds a dependency: debug profile, not incremental, without credentials. Then rebuilds it alone
with `-Zself-profile`. RUSTC_BOOTSTRAP allows this flag for the one crate. Prints the table of docs/compile-time.md: the
median time of each group of activities, and the numbers of items that it depends on. `--labels N` also prints the N
longest activities under the names of rustc. All files are in target/measure/profile.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "measure" / "profile"
FEATURES = ["spanner-v1", "healthcare-v1"]
# The names of rustc's activities, as regular expressions. The first match counts.
GROUPS = [
    ("the profiler itself", r"self_profile.*"),
    ("borrow checking", r".*borrow.*|mir_promoted|mir_built|mir_const_qualif|mir_drops.*|thir_body|check_match|"
                        r"check_liveness|check_unsafety|upvars_mentioned"),
    ("MIR for the crates that call it", r".*optimized_mir|mir_.*|promoted_mir|eval_to_.*|cross_crate_inlinable"),
    ("machine code", r"codegen_.*|LLVM_.*|link_.*|layout_of|symbol_name|mono.*|collect_and_partition.*|write_dep_info"),
    ("metadata, of dependencies too", r".*metadata.*|reachable_.*|.*effective_visibilities|lookup_.*|upstream_.*"),
    ("coherence", r"coheren.*|specialization_graph_of|.*trait_impls_of|impl.*_trait.*|crate_inherent_impls.*|orphan.*"),
    ("macro expansion, names, lowering", r"expand_.*|.*resolve.*|hir_.*|early_.*|finalize_.*|drop_ast|parse_crate|AST_.*|"
                                         r"expn_.*|complete_.*"),
    ("lints and privacy", r".*lint.*|check_mod_.*|live_symbols.*|.*privacy.*|unused_.*"),
    ("type checking", r"typeck.*|type_.*|check_.*|compare_impl_item|evaluate_.*|normalize_.*|dropck.*|.*predicates.*|"
                      r"generics_of|fn_sig|param_env|impl.*|associated_.*|opaque_.*|nested_.*|needs_drop.*|late_bound.*|"
                      r"defaultness|def_.*|assumed_.*|region_.*|adt_.*|is_.*|.*_of"),
]
# The activities whose numbers are printed, with their names in the table.
COUNTS = [("bodies of functions and constants", "typeck"), ("items of trait implementations", "compare_impl_item")]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return done.stdout


def summarizer():
    """Builds the program that reads profiles."""
    manifest = ROOT / "tools" / "measure" / "profile" / "Cargo.toml"
    run("cargo", "build", "-q", "--manifest-path", manifest, "--target-dir", WORK / "reader")
    return WORK / "reader" / "debug" / "gapi-profile"


def profile(feature, reader):
    """Rebuilds the crate and returns its activities: label to (seconds, number)."""
    profiles = WORK / feature
    shutil.rmtree(profiles, ignore_errors=True)
    (ROOT / "generated" / "src" / "lib.rs").touch()
    environment = {**os.environ, "CARGO_INCREMENTAL": "0", "RUSTC_BOOTSTRAP": "gapi",
                   "CARGO_PROFILE_DEV_DEBUG": "2", "CARGO_TARGET_DIR": str(WORK / "target")}
    run("cargo", "rustc", "-q", "-p", "gapi", "--lib", "--no-default-features", "--features", f"{feature},tls-ring", "--",
        f"-Zself-profile={profiles}", cwd=ROOT, env=environment)
    found = next(profiles.glob("gapi-*.mm_profdata"))
    rows = (line.split("\t") for line in run(reader, found).splitlines())
    return {label: (int(time) / 1e9, int(number)) for label, time, number in rows}


def group(label):
    return next((name for name, pattern in GROUPS if re.fullmatch(pattern, label)), "other")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--labels", type=int, default=0)
    parser.add_argument("--feature", action="append")
    arguments = parser.parse_args()
    reader = summarizer()
    columns = {}
    for feature in arguments.feature or FEATURES:
        profile(feature, reader)
        runs = [profile(feature, reader) for _ in range(arguments.runs)]
        labels = {label: statistics.median(run.get(label, (0, 0))[0] for run in runs) for label in runs[0]}
        columns[feature] = labels, {label: number for label, (_, number) in runs[0].items()}
    print(f"| Activity | {' | '.join(columns)} |")
    print(f"|---|{'---|' * len(columns)}")
    names = [name for name, _ in GROUPS] + ["other"]
    sums = {name: [sum(time for label, time in times.items() if group(label) == name) for times, _ in columns.values()]
            for name in names}
    for name in sorted(names, key=lambda name: -sums[name][0]):
        print(f"| {name} | {' | '.join(f'{1000 * time:.0f} ms' for time in sums[name])} |")
    totals = [sum(times.values()) for times, _ in columns.values()]
    print(f"| **all** | {' | '.join(f'{1000 * time:.0f} ms' for time in totals)} |")
    for name, label in COUNTS:
        print(f"| {name} | {' | '.join(f'{numbers.get(label, 0):,}' for _, numbers in columns.values())} |")
    for feature, (times, numbers) in columns.items():
        for label in sorted(times, key=lambda label: -times[label])[:arguments.labels]:
            print(f"{feature}\t{1000 * times[label]:8.1f} ms\t{numbers[label]:7}\t{label}\t{group(label)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
