"""The loop: resumes to the very same weights, keeps its state small, trains both recipes of both systems."""

import json
from dataclasses import replace

import pytest
import torch
from drawn.studio import write_studio
from safetensors.torch import load_file, save_file
from tiny.random_networks import random_efficientnet, random_lpips

from vton.cli import main
from vton.data.outfits.pack import OutfitPack
from vton.data.outfits.writer import pack_outfits
from vton.generation.training.trainer import GeneratorTrainer
from vton.metrics.pictures.lpips import LPIPS
from vton.networks.stylegan2.generator import StyleGAN2Generator
from vton.schema import InputError, Task
from vton.systems import find_system, named_config, systems
from vton.systems.outfit_gan.pipeline import OutfitGANPipeline
from vton.training.run_folder import override, prepare_run
from vton.training.state import PIECE_BYTES, load_state, save_state


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    write_studio(folder)
    out = tmp_path_factory.mktemp("pack") / "pack"
    pack_outfits([folder], out, (64, 48), processes=1)
    return OutfitPack(out)


def tiny(system="outfit-gan", **changes):
    return replace(named_config(find_system(system), "tiny"), **changes)


def paper(system):
    config = named_config(find_system(system), "paper-64x48")
    small = {"w_dim": 16, "z_dim": 16, "embedding_dim": 512, "channel_base": 256, "channel_max": 8,
             "token_channels": 8, "pose_channels": 4, "article_hw": (32, 24), "mapping_layers": 2}
    return replace(config, generator={**config.generator, **small}, batch_size=4)


def trainer_of(config, data, out, seed=3, **more):
    return GeneratorTrainer(find_system(config.system).load("recipe")(config), data, out, seed, **more)


def train(config, data, out, images, **more):
    prepare_run(config, out, 3)
    return trainer_of(config, data, out, **more).run(10, max_images=images, report=lambda line: None)


def test_stopping_and_resuming_gives_the_weights_of_one_run(data, tmp_path):
    config = tiny()
    train(config, data, tmp_path / "whole", 16)
    train(config, data, tmp_path / "halves", 8)
    train(config, data, tmp_path / "halves", 16)
    (whole, meta), (halves, again) = load_state(tmp_path / "whole"), load_state(tmp_path / "halves")
    assert meta == again and meta["images"] == 16 and whole.keys() == halves.keys()
    assert all(torch.equal(whole[k], halves[k]) for k in whole)


def test_run_folder_holds_what_it_promises_and_the_loss_falls(data, tmp_path):
    train(tiny(), data, tmp_path, 160)
    assert json.loads((tmp_path / "config.json").read_text())["system"] == "outfit-gan"
    first, row = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert row["images"] == 160 and row["images_per_s"] > 0
    assert row["l1"] < 0.8 * first["l1"] and row["parsing"] < 0.8 * first["parsing"]
    assert list((tmp_path / "sheets").glob("*.png"))
    assert isinstance(StyleGAN2Generator.from_pretrained(tmp_path / "checkpoint"), StyleGAN2Generator)
    assert all(f.stat().st_size <= 15 * 2**20 for f in (tmp_path / "state").iterdir())
    assert main(["publish", str(tmp_path), "--out", str(tmp_path / "published")]) == 0
    assert OutfitGANPipeline.from_pretrained(tmp_path / "published").size_hw == (64, 48)
    assert "160 images seen" in (tmp_path / "published" / "README.md").read_text()
    assert str(tmp_path) not in (tmp_path / "published" / "config.json").read_text()


@pytest.mark.parametrize("system", systems(Task.GENERATION))
def test_the_papers_recipe_trains(system, data, tmp_path):
    train(paper(system), data, tmp_path, 8)
    tensors, _ = load_state(tmp_path)
    fresh = trainer_of(paper(system), data, tmp_path / "fresh")
    start = fresh.discriminator.state_dict()
    moved = [name for name, value in start.items() if not torch.equal(value, tensors[f"discriminator.{name}"])]
    assert moved, "the discriminator learns"


def test_the_projected_discriminators_of_picture_and_head_learn(data, tmp_path):
    weights = tmp_path / "features.safetensors"
    save_file(random_efficientnet(), weights)
    config = tiny(adversarial=0.5, head=0.5)
    train(config, data, tmp_path / "run", 8, features=weights)
    tensors, _ = load_state(tmp_path / "run")
    assert not any("features" in name for name in tensors), "frozen weights stay out of the state"
    fresh = trainer_of(config, data, tmp_path / "fresh", features=weights).discriminator.state_dict()
    moved = {name.split(".")[0] for name, value in fresh.items()
             if not torch.equal(value, tensors[f"discriminator.{name}"])}
    assert moved == {"whole", "head"}


def test_lpips_and_the_adversary_look_at_their_share_of_the_batch(data, tmp_path):
    config = tiny(lpips=1.0, lpips_share=0.5, adversarial=0.5, adversarial_share=0.5, discriminator="residual")
    trainer = trainer_of(config, data, tmp_path, lpips=LPIPS(random_lpips("alexnet"), "random"))
    batch = trainer.draw(0, 4)
    latent, prior, _ = trainer._latents(batch)
    out = trainer._generate(batch, latent, prior)
    out.image.retain_grad()
    trainer._supervised_losses(out, batch, prior)["lpips"].backward()
    touched = out.image.grad.abs().sum((1, 2, 3)) > 0
    assert touched.tolist() == [True, True, False, False]
    assert len(batch.first(config.adversarial_share).image) == 2 and batch.first(1.0).image is batch.image
    assert {"lpips", "adversarial", "discriminator"} <= trainer.step(batch, 0).keys()


def test_fashion_gan_trains_with_the_appearance_encoder(data, tmp_path):
    assert train(tiny("fashion-gan"), data, tmp_path, 8) == 8


def test_growing_keeps_the_layers_of_the_smaller_size(data, tmp_path):
    half = replace(tiny(), generator={**tiny().generator, "size_hw": (32, 24)})
    train(half, data, tmp_path / "small", 4)
    grown = trainer_of(tiny(), data, tmp_path / "grown", seed=9, initial=tmp_path / "small")
    assert not grown.generator.blocks[-1].to_planes.weight.any()
    small = load_file(tmp_path / "small" / "checkpoint" / "diffusion_pytorch_model.safetensors")
    assert torch.equal(grown.generator.state_dict()["const"], small["const"])
    assert torch.equal(grown.ema.state_dict()["const"], small["const"])
    free = tiny("fashion-gan")
    free = trainer_of(free, data, tmp_path / "free", seed=9, initial=tmp_path / "small").generator.state_dict()
    weight = free["blocks.2.conv1.conv.weight"]
    assert torch.equal(weight, small["blocks.2.conv1.conv.weight"][:, :weight.shape[1]])


def test_state_survives_a_kill_between_the_two_renames(tmp_path):
    save_state(tmp_path, {"a": torch.ones(3)}, {"step": 1})
    (tmp_path / "state").rename(tmp_path / "state.old")
    assert load_state(tmp_path)[1] == {"step": 1}
    save_state(tmp_path, {"a": torch.zeros(5_000_000), "b": torch.zeros(3_000_000)}, {"step": 2})
    assert load_state(tmp_path)[1] == {"step": 2}


def test_pieces_stay_under_their_limit(tmp_path):
    save_state(tmp_path, {str(i): torch.zeros(1_000_000) for i in range(10)}, {})
    sizes = [f.stat().st_size for f in (tmp_path / "state").glob("piece*")]
    assert len(sizes) >= 3 and max(sizes) <= PIECE_BYTES + 2**16


def test_another_configuration_in_the_same_folder_is_refused(tmp_path):
    prepare_run(tiny(), tmp_path, 0)
    with pytest.raises(InputError):
        prepare_run(tiny(lr=1.0), tmp_path, 0)


def test_overrides_and_missing_weights(data, tmp_path):
    assert override(tiny(), ["lr=0.5", "batch_size=2"]).batch_size == 2
    for bad in ("nothing=1", "lr=fast", "system=1"):
        with pytest.raises(InputError):
            override(tiny(), [bad])
    with pytest.raises(InputError, match="--features"):
        trainer_of(tiny(adversarial=0.1), data, tmp_path)
    with pytest.raises(InputError, match="LPIPS"):
        trainer_of(tiny(lpips=1.0), data, tmp_path)


@pytest.mark.parametrize("system", systems(Task.GENERATION))
def test_every_named_configuration_is_whole(system):
    for config in find_system(system).load("configs").values():
        height, width = config.generator["size_hw"]
        assert height * 3 == width * 4 and config.system == system and json.dumps(config.to_dict())
