"""Find, fetch, verify, describe and publish weights; imports nothing of vton but ``schema``."""

from vton.hub.checkpoints import (
    CONFIG_NAME,
    LINEAGE_NAME,
    MANIFEST_NAME,
    WEIGHTS_NAME,
    CheckpointFacts,
    bundled_names,
    checkpoint_facts,
    find_checkpoint,
    pull,
    push,
    revision,
    verify,
    write_manifest,
)
from vton.hub.lineage import Lineage, read_lineage
from vton.hub.model_card import Metric, write_model_card

__all__ = [
    "CONFIG_NAME",
    "LINEAGE_NAME",
    "MANIFEST_NAME",
    "WEIGHTS_NAME",
    "CheckpointFacts",
    "Lineage",
    "Metric",
    "bundled_names",
    "checkpoint_facts",
    "find_checkpoint",
    "pull",
    "push",
    "read_lineage",
    "revision",
    "verify",
    "write_manifest",
    "write_model_card",
]
