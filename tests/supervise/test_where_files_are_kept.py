"""The settings of a store: what is missing or cannot be right is told in one sentence, before anything starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import media
from config.home import CHECKOUT
from config.trouble import Trouble

RIGHT = {
    "TROTH_S3_ADDRESS": "https://s3.stores.example",
    "TROTH_S3_BUCKET": "troth-media",
    "TROTH_S3_KEY_ID": "AKEXAMPLE",
    "TROTH_S3_SECRET": "SECRETWORD",
    "TROTH_S3_WHERE": "Example Stores, Germany",
}


def test_without_a_word_files_are_kept_in_the_folder() -> None:
    assert media.bucket({}) is None
    assert media.chosen({}) == media.FOLDER


def test_a_store_that_is_named_is_used_unless_the_folder_is_meant() -> None:
    found = media.bucket(RIGHT)
    assert found is not None
    assert (found.called, found.port, found.region, found.style) == ("s3.stores.example", 443, "us-east-1", "path")
    assert media.chosen(RIGHT) == media.BUCKET
    assert media.chosen({**RIGHT, "TROTH_MEDIA": "folder"}) == media.FOLDER
    hosted = media.bucket({**RIGHT, "TROTH_S3_STYLE": "host", "TROTH_S3_ADDRESS": "https://s3.stores.example:9000/"})
    assert hosted is not None
    assert (hosted.called, hosted.port) == ("troth-media.s3.stores.example", 9000)
    assert "SECRETWORD" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TROTH_S3_ADDRESS", "s3.stores.example"),
        ("TROTH_S3_ADDRESS", "ftp://s3.stores.example"),
        ("TROTH_S3_ADDRESS", "https://s3.stores.example/bucket"),
        ("TROTH_S3_ADDRESS", "https://user:word@s3.stores.example"),
        ("TROTH_S3_ADDRESS", "https://s3.stores.example:port"),
        ("TROTH_S3_ADDRESS", "https://minio"),
        ("TROTH_S3_ADDRESS", "http://s3.stores.example"),
        ("TROTH_S3_BUCKET", ""),
        ("TROTH_S3_BUCKET", "Troth_Media"),
        ("TROTH_S3_REGION", "Frankfurt am Main"),
        ("TROTH_S3_KEY_ID", ""),
        ("TROTH_S3_SECRET", ""),
        ("TROTH_S3_SECRET", "two words"),
        ("TROTH_S3_STYLE", "virtual"),
        ("TROTH_S3_PREFIX", "no-end"),
        ("TROTH_S3_NETWORKS", "10.0.0.0/8 elsewhere"),
        ("TROTH_S3_WHERE", ""),
        ("TROTH_MEDIA", "disk"),
    ],
)
def test_a_faulty_setting_is_named_in_one_sentence(name: str, value: str) -> None:
    with pytest.raises(Trouble) as told:
        media.chosen({**RIGHT, name: value})
    assert name in str(told.value)
    assert "\n" not in str(told.value)
    assert "SECRETWORD" not in str(told.value)
    assert "word@" not in str(told.value)


def test_a_bucket_as_a_host_needs_a_name_that_a_certificate_can_be_for() -> None:
    for wrong in ({"TROTH_S3_BUCKET": "troth.media"}, {"TROTH_S3_ADDRESS": "https://10.0.0.5"}):
        with pytest.raises(Trouble, match="TROTH_S3_STYLE"):
            media.bucket({**RIGHT, "TROTH_S3_STYLE": "host", **wrong})


def test_a_bucket_that_is_meant_has_to_be_named() -> None:
    with pytest.raises(Trouble, match="TROTH_S3_ADDRESS"):
        media.chosen({"TROTH_MEDIA": "bucket"})


def test_on_this_machine_nobody_has_to_be_named() -> None:
    here = {**RIGHT, "TROTH_S3_ADDRESS": "http://127.0.0.1:9000", "TROTH_S3_WHERE": ""}
    found = media.bucket(here)
    assert found is not None
    assert found.is_here


def test_no_program_starts_with_a_faulty_setting(tmp_path: Path) -> None:
    told = {**os.environ, "TROTH_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    told |= {"PYTHONPATH": str(CHECKOUT), "TROTH_ENV": "test", **RIGHT, "TROTH_S3_BUCKET": "Not A Bucket"}
    for command in (["config.supervise.run"], ["config.serve"], ["config.backup.backup"], ["django", "check"]):
        done = subprocess.run(
            [sys.executable, "-m", *command], env=told, cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1, command
        assert done.stderr.strip().splitlines()[-1].startswith("TROTH_S3_BUCKET is missing or cannot be right"), command
