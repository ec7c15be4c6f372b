"""`python -m vton signing-key`: a key for trying out Content Credentials, which nobody trusts."""

import argparse
from pathlib import Path


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("signing-key", help="make an untrusted key for trying out Content Credentials")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for certificate.pem and key.pem")
    return parser


def run(args: argparse.Namespace) -> int:
    """Make the key and say how to use it."""
    from vton.provenance.content_credentials import VARIABLE, write_development_key

    write_development_key(Path(args.out))
    print(f"{args.out}: a key whose certificate it signed itself. Readers of Content Credentials call it untrusted.")
    print(f"Pictures are signed with it while {VARIABLE}={args.out} is set. For others to trust them, put a chain of a")
    print("certificate authority of the C2PA trust list there instead. Keep key.pem to yourself.")
    return 0
