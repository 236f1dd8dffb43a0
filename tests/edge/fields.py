"""Protobuf without definitions: numbered fields of whole numbers and of bytes, which is all that Signal's envelopes have."""

Fields = dict[int, int | bytes]


def packed(fields: Fields) -> bytes:
    """Return fields as bytes."""
    data = b""
    for number, value in fields.items():
        if isinstance(value, int):
            data += _varint(number << 3) + _varint(value)
        else:
            data += _varint(number << 3 | 2) + _varint(len(value)) + value
    return data


def unpacked(data: bytes) -> Fields:
    """Return bytes as fields."""
    fields: Fields = {}
    at = 0
    while at < len(data):
        key, at = _read(data, at)
        value, at = _read(data, at)
        if key & 7 == 2:
            fields[key >> 3], at = data[at : at + value], at + value
        else:
            fields[key >> 3] = value
    return fields


def number(fields: Fields, key: int) -> int:
    """Return a whole number, 0 where there is none."""
    value = fields.get(key, 0)
    assert isinstance(value, int)
    return value


def blob(fields: Fields, key: int) -> bytes:
    """Return bytes. Raises: KeyError."""
    value = fields[key]
    assert isinstance(value, bytes)
    return value


def _varint(value: int) -> bytes:
    data = bytearray()
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    return bytes([*data, value])


def _read(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
