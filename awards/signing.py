"""Signed proofs of awards, and signed lists of the proofs that were taken back. Knows no database and no network.

Open Badges 3.0 (1EdTech) on Verifiable Credentials 2.0, Data Integrity ``eddsa-rdfc-2022``, Bitstring Status List 1.0
and ``did:web`` (all W3C). The contexts lie in the package ``openbadgeslib`` and are never fetched: what no context
there defines would not be covered by a signature, so it is refused, when signing as when checking.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.did import multikey_from_pem, resolve_did
from openbadgeslib.ob3.ldp import (
    MAX_LDP_DOCUMENT_BYTES,
    OB3LdpVerifier,
    add_data_integrity_proof,
    verify_data_integrity_proof,
)
from openbadgeslib.ob3.status_list import build_status_list_credential, status_entry

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
PLACES_A_LIST = 131_072  # the least that the specification allows: 16 KiB
BYTES_AT_MOST = MAX_LDP_DOCUMENT_BYTES
MEDIA_TYPE = "application/vc"

Document = dict[str, Any]


class NotSigned(Exception):
    """The document cannot be signed, or its signature does not stand; the text is for the log, in English."""


@dataclass(frozen=True)
class Facts:
    """What a credential says. Days are inclusive, by the clock of ``zone``; an open-ended award has no ``ends``. ``area``
    is a slug."""

    key: str
    number: str
    names: tuple[str, ...]  # as its owner writes it, then in Latin letters where that is another
    award_name: str
    area: str
    area_name: str
    category_name: str
    granted_at: dt.datetime
    starts: dt.date
    ends: dt.date | None
    zone: dt.tzinfo
    program: str
    description: str
    criteria: str


def did_of(site: str) -> str:
    """The ``did:web`` of a site: ``https://awards.example`` → ``did:web:awards.example``; a port is escaped.

    Plain http is for a first look on one's own machine: others resolve ``did:web`` by https alone.
    """
    return f"did:web:{quote(urlsplit(site).netloc, safe='')}"


def credential(facts: Facts, *, site: str, place: int) -> Document:
    """What is signed for an award. ``place`` is its number over all status lists.

    ``validFrom`` is the moment of the grant, and there is no ``validUntil``: verifiers refuse a credential that is over,
    and an ended award stays provable. The term stands in the activity's dates. Neither mail addresses nor digests
    of them, nor anything else of the profile: the name alone says whose it is.
    """
    page = f"{site}/awards/{facts.key}/"
    subject: Document = {
        "id": f"{page}#holder",
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": name}
            for name in facts.names
        ],
        "licenseNumber": facts.number,
        "activityStartDate": _moment(dt.datetime.combine(facts.starts, dt.time.min, facts.zone)),
        "achievement": {
            "id": f"{site}/roster/?area={quote(facts.area)}",
            "type": ["Achievement"],
            "achievementType": "Award",
            "name": f"{facts.award_name}: {facts.area_name}",
            "fieldOfStudy": facts.category_name,
            "description": facts.description,
            "criteria": {"narrative": facts.criteria},
        },
    }
    if facts.ends:
        subject["activityEndDate"] = _moment(dt.datetime.combine(facts.ends, dt.time(23, 59, 59), facts.zone))
    return {
        "@context": CONTEXTS,
        "id": f"{page}credential.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": did_of(site), "type": ["Profile"], "name": facts.program, "url": f"{site}/"},
        "name": f"{facts.award_name}: {facts.area_name}",
        "validFrom": _moment(facts.granted_at),
        "awardedDate": _moment(facts.granted_at),
        "credentialSubject": subject,
        "evidence": [{"id": page, "type": ["Evidence"], "name": f"Public record of award {facts.number}"}],
        "credentialStatus": status_entry(
            list_address(site, place // PLACES_A_LIST), "revocation", place % PLACES_A_LIST
        ),
    }


def list_address(site: str, number: int) -> str:
    return f"{site}/credentials/status/{number}.json"


def status_list(
    number: int, taken_back: Iterable[int], *, site: str, at: dt.datetime, until: dt.datetime, ttl: int
) -> Document:
    """The list ``number``: a bit for each place, set where the credential was taken back. ``ttl``: seconds that a reader
    may keep it."""
    return build_status_list_credential(
        did_of(site), list_address(site, number), "revocation", (place % PLACES_A_LIST for place in taken_back),
        PLACES_A_LIST, issued=at, valid_until=until, ttl=ttl * 1000,
    )  # fmt: skip


def digest_of(document: Document) -> str:
    """SHA-256 of what is signed, in hex: equal documents have nothing new to sign."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


# Keys


def new_key() -> bytes:
    """A new private key, as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_part(key: bytes) -> str:
    """The public key of a private one as a multibase Multikey (``z6Mk…``). Raises ``NotSigned`` for another kind of key."""
    try:
        private = load_pem_private_key(key, password=None)
    except (TypeError, ValueError) as error:
        raise NotSigned(f"the signing key is no private key in PEM: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise NotSigned("the signing key is no Ed25519 key")
    return multikey_from_pem(
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )


def did_document(site: str, keys: Mapping[str, str]) -> Document:
    """Who we are: each key's name and its public part. All of them may have signed what is still valid."""
    did = did_of(site)
    methods = [
        {"id": f"{did}#{name}", "type": "Multikey", "controller": did, "publicKeyMultibase": public}
        for name, public in keys.items()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


# Signing and checking


def sign(document: Document, *, key: bytes, method: str, at: dt.datetime) -> bytes:
    """The bytes of the signed document. ``method``: the key's address, ``did:web:…#2026-1``.

    ``proof`` is a list, as Open Badges asks for. What was signed is checked as others would check it before it leaves.
    """
    try:
        signed = add_data_integrity_proof(document, key, method, created=at)
        signed["proof"] = [signed["proof"]]
        text = json.dumps(signed, ensure_ascii=False, indent=2).encode()
        did, _sign, _name = method.partition("#")
        if "OpenBadgeCredential" in document["type"]:
            _verify(text, did=did, public=public_part(key))
        else:
            verify_data_integrity_proof(signed, _pem(public_part(key)))
    except LibOpenBadgesException as error:
        raise NotSigned(str(error)) from error
    return text


def name_of_key(document: Document) -> tuple[str, str]:
    """Whose key a document names, and which: ``("did:web:awards.example", "2026-1")``; empty where there is none."""
    proofs = document.get("proof")
    proof = proofs[0] if isinstance(proofs, list) and len(proofs) == 1 else proofs
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    did, _sign, name = method.partition("#") if isinstance(method, str) else ("", "", "")
    return did, name


def check(text: bytes, *, did: str, public: str) -> None:
    """Raise ``NotSigned`` unless ``did`` signed exactly this, with the key whose public part is given.

    Bounded for hostile input by the library: 256 KiB, depth, number of nodes, one second of CPU time.
    """
    try:
        _verify(text, did=did, public=public)
    except LibOpenBadgesException as error:
        raise NotSigned(str(error)) from error


def _verify(text: bytes, *, did: str, public: str) -> None:
    OB3LdpVerifier(pubkey_pem=_pem(public), issuer_did=did).verify(text)


def _pem(public: str) -> bytes:
    return resolve_did(f"did:key:{public}")


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
