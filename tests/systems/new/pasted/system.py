"""The record of the system of the tests."""

from vton.schema import System, Task

SYSTEM = System(
    name="pasted",
    title="Pasted garment",
    task=Task.TRY_ON,
    does="photo + garment -> photo with the garment pasted on",
    paper="Nobody: A Garment Laid on the Joints. 2026",
    cited="Nobody 2026",
    year=2026,
    pipeline="vton.systems.pasted.pipeline:PastedPipeline",
    network="vton.systems.pasted.network:Pasted",
    recipe="vton.systems.pasted.training:PastedRecipe",
    configs="vton.systems.pasted.config:CONFIGS",
    checkpoint="pasted-256",
    slots=("top", "outer"),
    tiny={"width": 4},
    cannot=("It bends nothing.",),
)
