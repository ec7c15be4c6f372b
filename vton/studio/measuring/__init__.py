"""How good the studio is: proofs and checks of labels, heads against portraits, speed; presets measured on bodies."""
