"""``python -m spectra.cli``: the command line, where no script ``spectra`` is installed."""

from __future__ import annotations

from spectra.cli.main import main

if __name__ == "__main__":
    main()
