"""Draws a photo as the warp does, and lays over its mouth what is remembered of that person's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..errors import EngineError
from ..face.arrays import Floats
from ..face.face_picture import PICTURE, PICTURED, SHAPE_NAMES
from ..pictures.draw import rest_weights
from ..pictures.filling import Pixels, blurred, luminance, pixel_centres
from ..pictures.indices import OUTER_LIPS
from ..pictures.own_shapes import relief_of
from .boxes import Box
from .likeness import somebody_else
from .mouth_crop import MouthCrop, Placement
from .mouth_memory import CONTROL, SIDE, Carried, MouthMemory, fine_detail, square_points
from .renderers import Stage
from .sampling import Sampler
from .warp import Pose, WarpRenderer

_PICTURED = SHAPE_NAMES.index(PICTURED)
_STEPS = 24
"""Places across and down of a mouth's box that are carried; what lies between them goes along."""
REACH, SOFT = 9 / SIDE, 5 / SIDE
"""Shares of the square's side beyond the lips that count as mouth, and over which that fades out."""
_OWN, _OWN_SOFT = 0.5, 2.0
"""How much of what the picture's own mouth shows otherwise than remembered goes on, and pixels over which that is averaged."""
_KEPT = 0.15
"""How much of what the warp draws goes on around the opening: its errors are others, so a little of it is nearer to the film."""
_LIT = 0.5
"""How much of the light that is off around the mouth is made up for in each frame."""
_SOLID = 0.01
_GAIN = (0.4, 2.5)
_EVENED, _DETAIL = 0.75, (0.5, 2.0)
"""How much of it is made up for that a picture has more or less fine detail than the film, and how far at most."""
_STEADY, _STEADIED = 1.5, (0.5, 2.0)
"""How much of it is made up for that a frame's lips, drawn wider or narrower, have less or more detail than the picture's."""
_LIPS_BLUE = 0.25
"""Of what is more red than green in lips, how much may be blue: more is violet."""
_RICH = 0.5
"""How much less a picture's colours may differ than the film's did before remembered ones are made plainer, too."""


class RememberedRenderer:
    """See `renderers.Renderer`. At rest the picture stays as it is.

    Args:
        stage: what is drawn, and on what.
        memory: of the person.

    Raises:
        EngineError: the picture is a drawing or has no mesh (code ``bad_picture``).
    """

    def __init__(self, stage: Stage, memory: MouthMemory) -> None:
        if stage.face.kind == "drawing":
            raise EngineError(
                "A person's own renderer draws the mouth of a photo, and this picture is a drawing: choose the renderer warp.",
                "bad_picture",
            )
        self._face, self._memory, self._sampler = stage.face, memory, stage.sampler
        self._relief = relief_of(stage.face)
        self._crop = MouthCrop(stage.face, SIDE, stage.sampler)
        self._warp = WarpRenderer(stage.face, stage.clear, stage.view, stage.sampler)
        self._origin = np.array([stage.view.left, stage.view.top], np.float32)
        self.told: tuple[str, ...] = somebody_else(stage.face, memory.metadata)

    @property
    def size(self) -> tuple[int, int]:
        """See `renderers.Renderer`."""
        return self._warp.size

    @property
    def at_once(self) -> int:
        """See `renderers.Renderer`: a frame is drawn as quickly alone."""
        return 1

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        """See `renderers.Renderer`."""
        return [self._drawn(pose) for pose in poses]

    def _drawn(self, pose: Pose) -> Pixels:
        frame = self._warp.draw(pose)
        talks = 1 - float(pose.weights[_PICTURED])
        if talks <= 0:
            return frame
        placement = self._crop.placement(pose)
        points = self._points(pose, placement)
        look, sure = self._memory.look(points)
        if sure > 0:
            light = self._light
            self._lay(frame, points, placement, light.of(look) + light.own, talks * sure)
        return frame

    def _points(self, pose: Pose, placement: Placement) -> Floats:
        return square_points(placement.to_square(pose.of(self._face, self._relief)[:, :2]))

    @cached_property
    def _light(self) -> Light:
        memory = self._memory
        still = Pose(rest_weights(), np.zeros(3, np.float32), np.zeros(3, np.float32))
        placement = self._crop.placement(still)
        points = self._points(still, placement)
        picture = np.ascontiguousarray(self._face.textures[PICTURE][..., :3])
        shape, outline = memory.share.shape, memory.outline
        shown = even_mouth(memory.corner, shape, outline, points, placement, self._sampler)
        seen = self._sampler.values(picture.astype(np.float32), shown)
        rim = memory.share * (1 - memory.share)
        skin = (seen * rim).sum(axis=(0, 1)) / max(float(rim.sum()), 1e-6)
        gain = (skin / memory.skin).clip(*_GAIN).astype(np.float32)
        look, sure = memory.look(points)
        rich = _colourfulness(seen, skin, memory.share) / max(
            _colourfulness(look * gain, skin, memory.share), 1e-6
        )
        light = Light(
            gain,
            skin,
            float(np.clip(rich / _RICH, 0, 1)),
            np.zeros(3),
            self._grain(seen / gain),
        )
        off = (seen - light.of(look)) * memory.share
        around = blurred(memory.share, _OWN_SOFT) + np.float32(_SOLID)
        return replace(light, own=sure * _OWN * blurred(off, _OWN_SOFT) / around)

    def _grain(self, seen: Floats) -> float:
        """How much of the picture's finest detail stays, of the mouth (h, w, 3) that it shows, in the film's light."""
        memory = self._memory
        if memory.detail <= 0:  # a file of before
            return memory.grain
        around = memory.share * (1 - memory.opening)
        shown = fine_detail(seen, around, memory.finest * memory.fineness * SIDE)
        return memory.grain * float(np.clip((memory.detail / max(shown, 1e-6)) ** _EVENED, *_DETAIL))

    @cached_property
    def _parts(self) -> Floats:
        return np.concatenate([self._memory.share, self._memory.opening], axis=-1)

    def _lay(self, frame: Pixels, points: Floats, placement: Placement, look: Floats, counts: float) -> None:
        """Lay the even mouth, as it looks, over a frame (in place)."""
        box = self._box(points, placement)
        if box.is_empty:
            return
        texels = self._texels(box, points, placement)
        seen = self._sampler.values(look.clip(0, 255), texels)
        of_mouth, opening = self._parts_at(texels)
        share = of_mouth * np.float32(counts)
        share[of_mouth <= _SOLID] = 0
        there = frame[box.slices][..., :3].astype(np.float32)
        fine = self._fine(there, placement)
        grain = self._light.grain * self._evened(_strength(fine, of_mouth * (1 - opening)))
        mouth = seen + np.float32(grain) * (1 - opening) * fine
        rim = of_mouth * (1 - of_mouth)
        mouth += np.float32(_LIT) * ((there - mouth) * rim).sum(axis=(0, 1)) / max(float(rim.sum()), 1e-6)
        mixed = there + share * (1 - np.float32(_KEPT) * (1 - opening)) * (mouth - there)
        frame[box.slices][..., :3] = np.round(mixed).clip(0, 255).astype(np.uint8)

    def _box(self, points: Floats, placement: Placement) -> Box:
        """What of a frame the mouth may reach."""
        lips = placement.to_picture(points[OUTER_LIPS] * SIDE) - self._origin
        reach = (REACH + 3 * SOFT) * SIDE * placement.scale
        return Box.around(lips, int(np.ceil(reach))).within(Box(0, 0, *self.size))

    def _parts_at(self, texels: Floats) -> tuple[Floats, Floats]:
        """(h, w, 1) how much is mouth, and (h, w, 1) how much lies between the lips."""
        of_mouth, opening = np.split(self._sampler.values(self._parts, texels), 2, axis=-1)
        return of_mouth, opening

    def _fine(self, there: Floats, placement: Placement) -> Floats:
        """(h, w, 3) the finest detail of colours."""
        return there - blurred(there, self._memory.finest * self._memory.fineness * SIDE * placement.scale)

    def _evened(self, strength: float) -> float:
        """By how much a frame's finest detail is to be stronger, that it be as strong as the picture's."""
        if strength <= 0 or self._strength_at_rest <= 0:
            return 1.0
        return float(np.clip((self._strength_at_rest / strength) ** _STEADY, *_STEADIED))

    @cached_property
    def _strength_at_rest(self) -> float:
        still = Pose(rest_weights(), np.zeros(3, np.float32), np.zeros(3, np.float32))
        placement = self._crop.placement(still)
        points = self._points(still, placement)
        box = self._box(points, placement)
        if box.is_empty:
            return 0.0
        of_mouth, opening = self._parts_at(self._texels(box, points, placement))
        there = self._warp.at_rest[box.slices][..., :3].astype(np.float32)
        return _strength(self._fine(there, placement), of_mouth * (1 - opening))

    def _texels(self, box: Box, points: Floats, placement: Placement) -> Floats:
        """(h, w, 2) what pixels of the kept looks a box's pixels show."""
        nodes = _nodes(box.size) + np.array([box.left, box.top], np.float32)
        square = placement.to_square(nodes + self._origin) / np.float32(SIDE)
        carried = Carried(points[CONTROL], self._memory.outline).of(square)
        return _between((carried - self._memory.corner) * np.float32(SIDE), box.size, self._sampler)


@dataclass(frozen=True)
class Light:
    """What makes a remembered mouth look as a picture's own does.

    Attributes:
        gain: (3,) what to multiply.
        skin: (3,) 0 to 255, the picture's colour around the mouth.
        rich: 0 to 1, how much colours differ from the skin's, beside how they did in the film: none in a picture in grey.
        own: (h, w, 3) what to add.
        grain: how much of the finest detail of what the warp draws stays around the opening.
    """

    gain: Floats
    skin: Floats
    rich: float
    own: Floats
    grain: float

    def of(self, look: Floats) -> Floats:
        """(h, w, 3) 0 to 255 a remembered mouth in this light."""
        lit = in_light(look, self.gain, self.skin)
        if self.rich == 1:
            return lit
        plain = luminance(lit)[..., None] * _tint(self.skin)
        return np.asarray(plain + np.float32(self.rich) * (lit - plain), np.float32)


def in_light(colours: Floats, gain: Floats, skin: Floats) -> Floats:
    """(…, 3) colours in another light.

    A white balance that is far off makes more of blue than there is in teeth: nothing becomes violet that was not, but where
    skin is in that light, too.

    Args:
        colours: (…, 3) 0 to 255.
        gain: (3,) what to multiply.
        skin: (3,) 0 to 255, the colour of skin in that light.
    """
    lit = np.asarray(colours * gain)
    was, of_skin = (some[..., 2] / _bluest(some).clip(1) for some in (colours, skin))
    np.minimum(lit[..., 2], _bluest(lit) * np.maximum(was, max(1.0, float(of_skin))), out=lit[..., 2])
    return lit


def _bluest(colours: Floats) -> Floats:
    """(…) the most blue that is in grey, or in lips, of colours (…, 3) as red and as green."""
    red, green = colours[..., 0], colours[..., 1]
    return np.asarray(green + _LIPS_BLUE * (red - green).clip(0))


def _tint(skin: Floats) -> Floats:
    """(3,) a colour beside how bright it is."""
    return np.asarray(skin / max(float(luminance(skin)), 1.0), np.float32)


def _colourfulness(colours: Floats, skin: Floats, share: Floats) -> float:
    """How much colours (h, w, 3) differ from those of skin in light and shade, where a mouth is."""
    off = np.abs(colours - luminance(colours)[..., None] * _tint(skin)).mean(axis=-1, keepdims=True)
    return float((off * share).sum() / max(float(share.sum()), 1e-6))


def _strength(fine: Floats, around: Floats) -> float:
    """How strong detail (h, w, 3) is where (h, w, 1) it counts, levels of 255."""
    squares = luminance(fine)[..., None] ** 2
    return float(np.sqrt((squares * around).sum() / max(float(around.sum()), 1e-6)))


def _nodes(size: tuple[int, int]) -> Floats:
    """(`_STEPS`, `_STEPS`, 2) places all over a width and height."""
    x, y = (np.linspace(0, side, _STEPS, dtype=np.float32) for side in size)
    return np.stack(np.meshgrid(x, y), axis=-1)


def _between(field: Floats, size: tuple[int, int], sampler: Sampler) -> Floats:
    """(h, w, 2) what holds at each pixel of a width and height, of what holds at its `_nodes`."""
    step = np.array(size, np.float32) / np.float32(_STEPS - 1)
    return sampler.values(np.asarray(field, np.float32), pixel_centres(0, 0, *size) / step + np.float32(0.5))


def even_mouth(
    corner: Floats,
    shape: Sequence[int],
    outline: Floats,
    points: Floats,
    placement: Placement,
    sampler: Sampler,
) -> Floats:
    """(h, w, 2) the places in a picture that an even mouth's pixels show.

    Args:
        corner: (2,) see `MouthMemory`.
        shape: h and w.
        outline: see `MouthMemory`.
        points: (468, 2) the face mesh in the square.
        placement: where the square lies in the picture.
        sampler: what reads between places.
    """
    size = (shape[1], shape[0])
    carried = Carried(outline, points[CONTROL]).of(_nodes(size) / np.float32(SIDE) + corner)
    return placement.to_picture(_between(carried * np.float32(SIDE), size, sampler))
