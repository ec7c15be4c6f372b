"""Content Credentials: a C2PA manifest (spec 2.2, https://c2pa.org) that is signed with a key of whoever runs this.

``VTON_C2PA`` names a folder of ``certificate.pem`` (the chain, the signer's own first) and ``key.pem`` (ES256). Without
it nothing is signed. The package c2pa-python is needed for signing and reading alone; see requirements-c2pa.txt.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib.util
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vton import __version__
from vton.hub.first_use import FIRST_USE
from vton.schema import DigitalSourceType, InputError

VARIABLE = "VTON_C2PA"
CERTIFICATE, KEY = "certificate.pem", "key.pem"
INSTALL = "pip install -r requirements-c2pa.txt"
_DAYS = 365
# Nothing is fetched, whatever a file asks for, and no preview is put in.
_SETTINGS = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}
_MOST_BYTES = 100_000_000  # of a file that is read


@dataclass(frozen=True)
class Credentials:
    """What a picture's manifest says.

    Attributes:
        valid: the signature is right and the file has not changed since.
        trusted: the signer's certificate is on a list of trusted ones.
        signer: organisation and name in the certificate.
        generator: the program that wrote the manifest.
    """

    valid: bool
    trusted: bool
    signer: str
    generator: str


def installed() -> bool:
    """Whether the package for signing and reading is here."""
    return importlib.util.find_spec("c2pa") is not None


def is_signing() -> bool:
    """Whether pictures are signed here."""
    return bool(os.environ.get(VARIABLE))


def signed(content: bytes, mime: str, source_type: DigitalSourceType) -> bytes:
    """A picture's file with a signed manifest when ``VTON_C2PA`` is set, else the same bytes.

    Signed files differ from each other though their pixels do not: a manifest has a number of its own.

    Args:
        mime: "image/png" or "image/jpeg".

    Raises:
        InputError: the key cannot be used, or the package is missing.
    """
    if not is_signing():
        return content
    if not installed():
        raise InputError(f"{VARIABLE} is set, but c2pa-python is not installed: {INSTALL}, or unset it.")
    try:
        certificate, key = (Path(os.environ[VARIABLE], name).read_bytes() for name in (CERTIFICATE, KEY))
    except OSError:
        raise InputError(f"{VARIABLE} must name a folder of {CERTIFICATE} and {KEY}: see docs/provenance.md.") from None
    c2pa, target = _c2pa(), io.BytesIO()
    try:
        signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", certificate, key, None))
        with _context(c2pa) as context, c2pa.Builder(json.dumps(_manifest(source_type)), context) as builder:
            builder.sign(signer, mime, io.BytesIO(content), target)
    except c2pa.C2paError as error:
        raise InputError(f"The key in {VARIABLE} cannot sign ({error}): use a PEM chain and key of ES256.") from None
    return target.getvalue()


def read_credentials(content: bytes, mime: str) -> Credentials | None:
    """The manifest in a file, checked; None when there is none, or none that can be read.

    Args:
        content: of a file of any origin.
        mime: of its format.
    """
    if not installed() or len(content) > _MOST_BYTES:
        return None
    c2pa = _c2pa()
    try:
        with _context(c2pa) as context, c2pa.Reader(mime, io.BytesIO(content), context=context) as reader:
            said, state = json.loads(reader.json()), reader.get_validation_state()
    except (c2pa.C2paError, ValueError):
        return None
    manifest = said.get("manifests", {}).get(said.get("active_manifest"), {})
    signature = manifest.get("signature_info", {})
    generator = (manifest.get("claim_generator_info") or [{}])[0]
    return Credentials(
        valid=state in ("Valid", "Trusted"),
        trusted=state == "Trusted",
        signer=", ".join(filter(None, (signature.get("common_name"), signature.get("issuer")))) or "unknown",
        generator=" ".join(filter(None, (generator.get("name"), generator.get("version")))),
    )


def write_development_key(folder: Path) -> None:
    """Makes a key and a certificate that it signs itself, for trials: readers call it untrusted, and they are right.

    Raises:
        InputError: there is one already, the folder cannot be written, or c2pa-python is missing.
    """
    if not installed():
        raise InputError(f"Signing needs c2pa-python: {INSTALL}.")
    if any((folder / name).exists() for name in (CERTIFICATE, KEY)):
        raise InputError(f"'{folder.name}' already holds a key: give another folder.")
    certificate, key = _self_signed()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
        (folder / CERTIFICATE).write_bytes(certificate)
    except OSError as error:
        raise InputError(f"Cannot write to '{folder.name}': {error.strerror}. Choose another folder.") from None


def _manifest(source_type: DigitalSourceType) -> dict[str, Any]:
    created = {"action": "c2pa.created", "digitalSourceType": source_type.value}
    return {
        "claim_generator_info": [{"name": "vton", "version": __version__}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [created]}}],
    }


def _c2pa() -> Any:
    with FIRST_USE:
        import c2pa
    return c2pa


def _context(c2pa: Any) -> contextlib.AbstractContextManager:
    return c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))


def _self_signed() -> tuple[bytes, bytes]:
    """A certificate for signing and its key, both PEM."""
    with FIRST_USE:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    names = {NameOID.ORGANIZATION_NAME: "UNTRUSTED", NameOID.COMMON_NAME: "vton development key"}
    name = x509.Name([x509.NameAttribute(*pair) for pair in names.items()])
    usages = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, **usages), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem), private
