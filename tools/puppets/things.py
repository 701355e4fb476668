# SPDX-License-Identifier: MIT
"""A fox, a teapot, and a captain cut out of paper."""

from __future__ import annotations

import numpy as np

from .canvas import SIDE, Colour, Mask, Path, Puppet, Sheet, Way, both, curve, oval

# -- A fox -------------------------------------------------------------------------------------------------

_DARK: Colour = (70, 34, 30)
_FUR: Colour = (242, 132, 52)
_FUR_SHADE: Colour = (214, 100, 38)
_CREAM: Colour = (255, 240, 220)


def _fox_eye(sheet: Sheet, middle: float, outwards: int) -> None:
    def at(*places: tuple[float, float]) -> list[tuple[float, float]]:
        return [(middle + outwards * x, y) for x, y in places]

    eye = curve(at((-33, 322), (-20, 296), (6, 287), (30, 298), (36, 314), (18, 332), (-12, 336)))
    sheet.fill(eye, _DARK)
    mask = sheet.fill((eye - [middle, 312]) * [0.87, 0.86] + [middle, 313], (255, 253, 244))
    sheet.fill(oval(middle, 311, 21, 23), (120, 62, 14), within=mask)
    sheet.fill(oval(middle, 312, 18, 20), (214, 130, 28), (252, 202, 72), within=mask)
    sheet.fill(oval(middle, 311, 9, 13), (34, 18, 18), within=mask)
    sheet.fill(oval(middle - 6, 302, 5.5, 6), (255, 255, 255), within=mask)
    sheet.line(at((-40, 330), (-22, 294), (6, 284), (32, 295), (48, 308)), 8, _DARK, (0.3, 0.2))
    sheet.line(at((-20, 262), (4, 252), (28, 260)), 12, _CREAM, (0.4, 0.3))


def _fox_ears(sheet: Sheet) -> None:
    for ear, inner, tip in zip(
        both(curve([(128, 250), (92, 150), (96, 50), (118, 40), (200, 96), (262, 170)], steps=12)),
        both(curve([(150, 214), (124, 140), (126, 86), (190, 132), (226, 180)], steps=12)),
        both(curve([(70, 130), (80, 20), (130, 30), (170, 78), (132, 84), (100, 130)], steps=12)),
    ):
        mask = sheet.fill(ear, _FUR, _FUR_SHADE)
        sheet.fill(tip, _DARK, within=mask)
        sheet.fill(inner, (255, 214, 190), (240, 168, 140))
        sheet.outline(ear, 5, _DARK)


def _fox(sheet: Sheet) -> None:
    sheet.ground((206, 226, 188), (128, 176, 140))
    sheet.fill(oval(320, 320, 268, 268), (236, 240, 206), (206, 224, 176))
    for leaf in both(curve([(30, 600), (70, 500), (120, 470), (116, 540), (70, 620)])):
        sheet.fill(leaf, (98, 154, 104), (62, 118, 84))
    body = curve([(320, 470), (430, 500), (486, 580), (500, 690), (140, 690), (154, 580), (210, 500)])
    sheet.fill(body, _FUR_SHADE, (190, 82, 34))
    sheet.outline(body, 5, _DARK)
    chest = curve(
        [
            (320, 470),
            (392, 500),
            (404, 560),
            (372, 620),
            (352, 600),
            (320, 660),
            (288, 600),
            (268, 620),
            (236, 560),
            (248, 500),
        ]
    )
    sheet.fill(chest, (250, 226, 200), _CREAM)
    _fox_ears(sheet)
    head = curve(
        [(320, 128), (410, 142), (482, 200), (520, 290), (580, 376), (514, 392), (532, 436), (456, 438), (392, 486), (320, 506)]
        + [(248, 486), (184, 438), (108, 436), (126, 392), (60, 376), (120, 290), (158, 200), (230, 142)], steps=14,
    )  # fmt: skip
    mask = sheet.fill(head, (250, 146, 62), _FUR)
    sheet.soft(
        curve([(320, 120), (350, 180), (334, 262), (320, 290), (306, 262), (290, 180)]),
        _FUR_SHADE,
        5,
        0.8,
        within=mask,
    )
    for cheek in both(
        curve(
            [
                (320, 350),
                (272, 340),
                (236, 352),
                (190, 350),
                (120, 336),
                (50, 376),
                (118, 398),
                (104, 440),
                (190, 450),
                (250, 496),
                (320, 520),
            ]
        )
    ):
        sheet.fill(cheek, _CREAM, within=mask)
    muzzle = curve(
        [
            (320, 300),
            (346, 318),
            (380, 366),
            (396, 420),
            (366, 470),
            (320, 488),
            (274, 470),
            (244, 420),
            (260, 366),
            (294, 318),
        ]
    )
    sheet.fill(muzzle, _CREAM, within=mask)
    bridge = curve([(320, 250), (344, 300), (362, 352), (320, 366), (278, 352), (296, 300)])
    sheet.fill(bridge, (250, 146, 62), _FUR, within=mask)
    for blush in both(oval(196, 388, 30, 15)):
        sheet.soft(blush, (250, 160, 130), 7, 0.75, within=mask)
    sheet.outline(head, 5, _DARK)
    for middle, outwards in ((240, -1), (400, 1)):
        _fox_eye(sheet, middle, outwards)
    nose = curve(
        [(320, 346), (348, 350), (354, 366), (334, 386), (320, 390), (306, 386), (286, 366), (292, 350)]
    )
    sheet.fill(nose, (60, 34, 38), (34, 20, 26))
    sheet.fill(oval(309, 358, 9, 4.5, -8), (150, 118, 122))
    sheet.line([(320, 389), (320, 408)], 4.5, _DARK, (0.8, 0.8))
    sheet.line([(262, 424), (284, 437), (320, 441), (356, 437), (378, 424)], 7, _DARK, (0.4, 0.4))
    for way in both([(292, 472), (306, 478), (320, 480)]):
        sheet.line(way, 3, (228, 196, 168))
    for x, y in ((270, 398), (258, 408), (276, 410)):
        for dot in both(oval(x, y, 2.6, 2.6)):
            sheet.fill(dot, (206, 160, 130))


# -- A teapot ----------------------------------------------------------------------------------------------

_BLUE: Colour = (44, 66, 120)
_CHINA: Colour = (232, 244, 250)
_CHINA_SHADE: Colour = (178, 206, 228)


def _teapot_eye(sheet: Sheet, middle: float) -> None:
    sheet.fill(oval(middle, 316, 36, 42), _BLUE)
    mask = sheet.fill(oval(middle, 317, 31, 36.5), (255, 255, 255))
    sheet.fill(oval(middle + 2, 322, 18, 22), (60, 40, 40), within=mask)
    sheet.fill(oval(middle + 2, 325, 14, 16), (150, 92, 60), within=mask)
    sheet.fill(oval(middle + 2, 322, 9, 12), (40, 26, 30), within=mask)
    sheet.fill(oval(middle - 5, 312, 6, 7), (255, 255, 255), within=mask)
    outwards = 1 if middle > SIDE / 2 else -1
    sheet.line(
        [(middle - outwards * 22, 252), (middle + outwards * 4, 244), (middle + outwards * 26, 254)],
        7,
        _BLUE,
        (0.4, 0.3),
    )


def _teapot(sheet: Sheet) -> None:
    sheet.ground((255, 224, 196), (250, 190, 168))
    sheet.fill(np.array([(0, 540), (640, 540), (640, 640), (0, 640)]), (196, 130, 96), (164, 98, 74))
    sheet.fill(np.array([(0, 536), (640, 536), (640, 546), (0, 546)]), (222, 160, 122))
    sheet.soft(oval(320, 560, 230, 26), (112, 58, 48), 9, 0.65)
    for steam in (
        [(560, 190), (540, 150), (572, 112), (552, 70)],
        [(596, 200), (582, 168), (606, 132), (592, 100)],
    ):
        sheet.line(steam, 15, (255, 246, 236), (0.2, 0.1))
    handle = curve([(150, 220), (70, 214), (26, 300), (44, 400), (130, 440)], closed=False)
    sheet.line(handle[::12], 46, _BLUE, (0.9, 0.9))
    sheet.line(handle[::12], 34, _CHINA_SHADE, (0.9, 0.9))
    sheet.line((handle + [-5, -4])[::12], 13, _CHINA, (0.5, 0.5))
    spout = curve(
        [
            (470, 300),
            (540, 290),
            (556, 236),
            (560, 206),
            (604, 206),
            (610, 232),
            (596, 320),
            (560, 396),
            (470, 420),
        ],
        steps=12,
    )
    sheet.fill(spout, _CHINA, _CHINA_SHADE)
    sheet.outline(spout, 6, _BLUE)
    sheet.fill(oval(582, 207, 25, 9), _BLUE)
    body = curve(
        [
            (320, 156),
            (440, 176),
            (516, 270),
            (524, 386),
            (474, 500),
            (398, 552),
            (320, 558),
            (242, 552),
            (166, 500),
            (116, 386),
            (124, 270),
            (200, 176),
        ]
    )
    sheet.fill(curve([(214, 536), (426, 536), (440, 566), (320, 574), (200, 566)]), _CHINA_SHADE)
    sheet.outline(curve([(214, 536), (426, 536), (440, 566), (320, 574), (200, 566)]), 6, _BLUE)
    mask = sheet.fill(body, _CHINA)
    sheet.soft(
        curve(
            [(540, 250), (540, 470), (440, 580), (200, 590), (130, 500), (260, 540), (400, 520), (470, 430)]
        ),
        _CHINA_SHADE,
        12,
        0.9,
        within=mask,
    )
    sheet.soft(
        curve([(146, 300), (176, 230), (206, 214), (186, 262), (170, 330), (150, 350)]),
        (255, 255, 255),
        4,
        1.0,
        within=mask,
    )
    band = curve([(110, 470), (320, 512), (530, 470), (530, 500), (320, 543), (110, 500)], steps=12)
    sheet.fill(band, (86, 128, 190), within=mask)
    _teapot_flowers(sheet)
    for cheek in both(oval(186, 390, 30, 19)):
        sheet.soft(cheek, (255, 140, 150), 8, 0.8, within=mask)
    sheet.outline(body, 6, _BLUE)
    _teapot_lid(sheet)
    for middle in (250, 390):
        _teapot_eye(sheet, middle)
    sheet.line([(272, 408), (294, 420), (320, 424), (346, 420), (368, 408)], 8, _BLUE, (0.6, 0.6))


def _teapot_flowers(sheet: Sheet) -> None:
    for x, y in ((168, 498), (244, 518), (320, 526), (396, 518), (472, 498)):
        for turn in range(5):
            angle = np.radians(72 * turn - 90)
            sheet.fill(oval(x + 8.5 * np.cos(angle), y + 8.5 * np.sin(angle), 6.5, 6.5), (255, 255, 255))
        sheet.fill(oval(x, y, 5, 5), (255, 206, 96))


def _teapot_lid(sheet: Sheet) -> None:
    lid = curve(
        [(190, 190), (214, 150), (260, 124), (320, 116), (380, 124), (426, 150), (450, 190), (320, 206)]
    )
    sheet.fill(oval(320, 92, 27, 25), (255, 214, 110), (236, 166, 62))
    sheet.outline(oval(320, 92, 27, 25), 6, _BLUE)
    sheet.fill(oval(311, 84, 8, 6, -30), (255, 244, 206))
    mask = sheet.fill(lid, (140, 176, 224), (86, 128, 190))
    sheet.line([(226, 160), (262, 140), (312, 130)], 9, (212, 230, 250), (0.2, 0.1), within=mask)
    sheet.outline(lid, 6, _BLUE)


# -- A captain of paper ------------------------------------------------------------------------------------


def _paper(sheet: Sheet, path: Way, colour: Colour, high: float = 5.0, within: Mask | None = None) -> Mask:
    """A piece of paper that lies so high above what is below it: a shadow, its colour, a bright cut edge."""
    shape = np.asarray(path, float)
    sheet.soft(shape + [0.7 * high, high], (36, 26, 40), high, 0.5, within=within)
    bright: Colour = (min(255, colour[0] + 26), min(255, colour[1] + 26), min(255, colour[2] + 26))
    sheet.fill(shape, bright, within=within)
    return sheet.fill(shape + [1.1, 1.4], colour, within=sheet.mask(shape) if within is None else within)


def _cut(points: Way, steps: int = 5) -> Path:
    """A shape as scissors cut it: nearly round, in short straight cuts."""
    return curve(points, steps=steps)


def _captain_eye(sheet: Sheet, middle: float, outwards: int) -> None:
    eye = _cut(
        [
            (middle - 33, 306),
            (middle - 16, 286),
            (middle + 10, 283),
            (middle + 33, 304),
            (middle + 14, 324),
            (middle - 16, 324),
        ]
    )
    mask = _paper(sheet, eye, (252, 250, 244), 2.5)
    sheet.fill(oval(middle, 304, 17.5, 17.5), (40, 82, 116), within=mask)
    sheet.fill(oval(middle, 304, 9, 9), (26, 32, 46), within=mask)
    sheet.fill(oval(middle - 5, 298, 4, 4), (252, 250, 244), within=mask)
    brow = [
        (middle - outwards * 34, 262),
        (middle - outwards * 20, 246),
        (middle + outwards * 26, 240),
        (middle + outwards * 44, 258),
        (middle + outwards * 20, 258),
    ]
    _paper(sheet, _cut(brow, 4), (214, 110, 50), 3)


def _captain(sheet: Sheet) -> None:
    sheet.ground((120, 190, 206), (120, 190, 206))
    _paper(sheet, oval(528, 116, 62, 62), (255, 220, 120), 6)
    for x, y in ((-20, 150), (430, 250)):
        cloud = _cut(
            [
                (x, y + 50),
                (x + 20, y + 10),
                (x + 70, y),
                (x + 110, y - 24),
                (x + 160, y),
                (x + 210, y + 12),
                (x + 230, y + 50),
            ]
        )
        _paper(sheet, cloud, (246, 248, 246), 6)
    for number, colour in enumerate(((72, 150, 180), (52, 122, 160), (38, 96, 136))):
        top = 430 + 52 * number
        wave = [
            (x - 40 + 40 * number, top + (16 if index % 2 else -16))
            for index, x in enumerate(range(-60, 760, 60))
        ]
        _paper(
            sheet, np.concatenate([curve(wave, closed=False, steps=6), [(760, 700), (-90, 700)]]), colour, 7
        )
    coat = _cut([(320, 500), (420, 512), (520, 556), (566, 690), (74, 690), (120, 556), (220, 512)])
    _paper(sheet, coat, (34, 54, 92), 9)
    for lapel in both(np.array([(250, 500), (320, 640), (270, 700), (170, 600), (204, 520)], float)):
        _paper(sheet, lapel, (46, 70, 114), 4)
    for x, y in ((258, 640), (382, 640)):
        _paper(sheet, oval(x - 40 if x < 320 else x + 40, y - 10, 11, 11), (250, 200, 90), 3)
    for ear in both(_cut([(206, 290), (176, 286), (168, 322), (184, 358), (212, 356)])):
        _paper(sheet, ear, (236, 168, 132), 5)
    face = _cut(
        [
            (320, 160),
            (410, 176),
            (446, 250),
            (440, 350),
            (404, 440),
            (320, 480),
            (236, 440),
            (200, 350),
            (194, 250),
            (230, 176),
        ],
        7,
    )
    skin = _paper(sheet, face, (248, 190, 152), 8)
    for cheek in both(_cut([(226, 352), (248, 342), (270, 352), (264, 372), (238, 374)])):
        sheet.fill(cheek, (242, 154, 124), within=skin)
    beard = _cut(
        [(196, 300), (214, 330), (226, 380), (254, 392), (286, 380), (320, 372), (354, 380), (386, 392), (414, 380), (426, 330)]
        + [(444, 300), (460, 370)]
        + [(448, 446), (412, 512), (366, 552), (320, 566), (274, 552), (228, 512), (192, 446), (180, 370)],
        5,
    )  # fmt: skip
    _paper(sheet, beard, (226, 122, 56), 6)
    for way in both([(236, 430), (250, 480), (284, 520)]):
        sheet.line(way, 4, (196, 96, 42), (0.3, 0.3))
    for way in both([(282, 456), (294, 494), (312, 528)]):
        sheet.line(way, 4, (196, 96, 42), (0.3, 0.3))
    lips = _cut(
        [(262, 404), (290, 396), (320, 400), (350, 396), (378, 404), (352, 430), (320, 438), (288, 430)]
    )
    _paper(sheet, lips, (248, 190, 152), 2.5)
    sheet.line([(270, 410), (294, 416), (320, 418), (346, 416), (370, 410)], 6.5, (130, 50, 46), (0.5, 0.5))
    for middle, outwards in ((262, -1), (378, 1)):
        _captain_eye(sheet, middle, outwards)
    _paper(
        sheet,
        _cut([(320, 298), (334, 326), (346, 352), (334, 366), (306, 366), (294, 352), (306, 326)]),
        (240, 162, 126),
        4,
    )
    _captain_hat(sheet)


def _captain_hat(sheet: Sheet) -> None:
    crown = _cut(
        [
            (320, 50),
            (430, 56),
            (506, 92),
            (498, 132),
            (452, 172),
            (320, 160),
            (188, 172),
            (142, 132),
            (134, 92),
            (210, 56),
        ]
    )
    _paper(sheet, crown, (248, 246, 238), 8)
    band = _cut([(190, 150), (320, 134), (450, 150), (452, 206), (320, 192), (188, 206)])
    _paper(sheet, band, (34, 54, 92), 5)
    peak = _cut([(186, 204), (320, 184), (454, 204), (430, 226), (320, 222), (210, 226)])
    _paper(sheet, peak, (24, 32, 52), 6)
    _paper(sheet, oval(320, 146, 27, 27), (250, 200, 90), 4)
    anchor: Colour = (34, 54, 92)
    sheet.line([(320, 132), (320, 164)], 5, anchor, (1, 1))
    sheet.line([(310, 139), (330, 139)], 4.5, anchor, (1, 1))
    sheet.line([(304, 153), (310, 163), (320, 166), (330, 163), (336, 153)], 4.5, anchor, (0.6, 0.6))


PUPPETS = (
    Puppet("fox", _fox, ((240, 312), (400, 312), (262, 424), (378, 424))),
    Puppet("teapot", _teapot, ((252, 320), (392, 320), (272, 408), (368, 408))),
    Puppet("captain", _captain, ((262, 304), (378, 304), (270, 410), (370, 410))),
)
