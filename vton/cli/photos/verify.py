"""`python -m vton verify`: whether a picture was made here, and whether it has changed since."""

import argparse
import json

from vton.schema import one_line

_EPILOG = "The exit code is 0 for a picture that was made here and has not visibly changed, else 1."


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("verify", help="tell whether a picture was made here", epilog=_EPILOG)
    parser.add_argument("file", metavar="FILE", help="a picture of any origin")
    parser.add_argument("--json", action="store_true", help="print everything that was found, as JSON")
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the verdict, why, and what is known of the picture."""
    from vton.provenance.verification import Verdict, verify

    found = verify(args.file)
    facts = found.to_dict()
    if args.json:
        print(json.dumps(facts, indent=1))
    else:
        print(f"{found.verdict}: {found.reason}")
        for name, value in {**(facts["recipe"] or {}), **found.marks()}.items():
            print(f"  {name}: {one_line(value)}")
    return 0 if found.verdict is Verdict.MADE else 1
