"""``python -m tests.fuzz READER… --inputs N --seed S``: give readers inputs that are nearly right, and report."""

import argparse
import sys
from pathlib import Path

from tests.fuzz.fuzzing import fuzz, limit_memory
from tests.fuzz.readers import READERS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("readers", nargs="*", help="default: all")
    parser.add_argument("--inputs", type=int, default=20_000, help="of all readers together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for the first input of each fault")
    options = parser.parse_args()
    chosen = [reader for reader in READERS if not options.readers or reader.name in options.readers]
    shares = sum(reader.share for reader in chosen)
    limit_memory()
    faults = total = 0
    for reader in chosen:
        tally = fuzz(reader, round(options.inputs * reader.share / shares), options.seed)
        print(tally, flush=True)
        for finding in tally.findings.values():
            print(f"    {finding.name}: {finding.fault}")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{reader.name}--{len(list(options.keep.iterdir()))}--{finding.name}").write_bytes(
                    finding.content
                )
        total, faults = total + tally.inputs, faults + tally.faults
    print(f"{total:,} inputs, {faults} faults, seed {options.seed}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
