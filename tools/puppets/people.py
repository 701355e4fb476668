# SPDX-License-Identifier: MIT
"""Three people: a cartoon in flat colours, a face as Japanese animation draws them, and a sketch in pencil."""

from __future__ import annotations

import numpy as np

from .canvas import Colour, Path, Puppet, Sheet, Way, both, curve, mirrored, oval

# -- A cartoon ---------------------------------------------------------------------------------------------

_INK: Colour = (66, 36, 44)
_SKIN: Colour = (250, 205, 168)
_SHADE: Colour = (232, 168, 132)
_HAIR: Colour = (176, 72, 48)
_HAIR_DARK: Colour = (138, 50, 40)
_FACE = curve(
    [(320, 172), (398, 190), (434, 262), (430, 338), (408, 408), (362, 458), (320, 470)]
    + [(278, 458), (232, 408), (210, 338), (206, 262), (242, 190)]
)


def _cartoon_eye(sheet: Sheet, middle: float, outwards: int) -> None:
    white = curve(
        [(middle - outwards * 34, 302), (middle - outwards * 18, 277), (middle + outwards * 8, 270)]
        + [(middle + outwards * 31, 284), (middle + outwards * 36, 304), (middle + outwards * 18, 323)]
        + [(middle - outwards * 14, 324)]
    )
    sheet.fill(white, _INK)
    inside = (white - [middle, 300]) * [0.88, 0.86] + [middle, 302]
    mask = sheet.fill(inside, (255, 255, 252))
    sheet.fill(oval(middle, 298, 22, 24), (38, 74, 70), within=mask)
    sheet.fill(oval(middle, 299, 19, 21), (52, 128, 110), (104, 190, 146), within=mask)
    sheet.fill(oval(middle, 298, 10, 11), (20, 26, 34), within=mask)
    sheet.fill(oval(middle - 6, 290, 5.5, 6), (255, 255, 255), within=mask)
    sheet.line(
        [(middle - outwards * 35, 301), (middle - outwards * 17, 276), (middle + outwards * 9, 268)]
        + [(middle + outwards * 33, 281), (middle + outwards * 46, 279)],
        9, _INK, (0.4, 0.2),
    )  # fmt: skip
    sheet.line(
        [(middle - outwards * 20, 260), (middle + outwards * 6, 254), (middle + outwards * 32, 263)],
        3.5,
        _SHADE,
    )
    sheet.line(
        [(middle - outwards * 28, 244), (middle + outwards * 2, 230), (middle + outwards * 38, 243)],
        11, _HAIR_DARK, (0.8, 0.2),
    )  # fmt: skip


def _cartoon(sheet: Sheet) -> None:
    sheet.ground((96, 178, 186), (60, 138, 160))
    sheet.fill(oval(320, 300, 262, 262), (146, 212, 206), (112, 190, 192))
    back = curve(
        [(320, 74), (430, 96), (508, 188), (520, 300), (540, 404), (500, 486), (428, 500), (320, 470)]
        + [(212, 500), (140, 486), (100, 404), (120, 300), (132, 188), (210, 96)]
    )
    sheet.fill(back, _HAIR_DARK, (104, 36, 36))
    sheet.outline(back, 5, _INK)
    _cartoon_body(sheet)
    for ear in both(oval(204, 322, 24, 34, -12)):
        sheet.fill(ear, _SKIN)
        sheet.outline(ear, 4, _INK)
    for way in both([(196, 306), (206, 318), (200, 338)]):
        sheet.line(way, 5, _SHADE)
    for ring in both(oval(198, 370, 9, 11)):
        sheet.fill(ring, (255, 206, 84), (236, 164, 40))
        sheet.outline(ring, 3, _INK)
    face = sheet.fill(_FACE, _SKIN)
    shadow = curve(
        [(190, 160), (450, 160), (446, 292), (410, 222), (340, 204), (262, 222), (224, 250), (206, 330)]
    )
    sheet.fill(shadow, _SHADE, within=face)
    for cheek in both(oval(238, 356, 30, 20)):
        sheet.soft(cheek, (246, 140, 118), 9, 0.75, within=face)
    for x, y in ((224, 344), (240, 350), (256, 344), (384, 344), (400, 350), (416, 344)):
        sheet.fill(oval(x, y, 2.4, 2.2), (206, 120, 92))
    sheet.outline(_FACE, 5, _INK)
    for middle, outwards in ((262, -1), (378, 1)):
        _cartoon_eye(sheet, middle, outwards)
    sheet.line([(326, 318), (334, 344), (330, 353), (314, 354)], 5, (206, 122, 92), (0.3, 0.5))
    sheet.line([(276, 401), (296, 409), (320, 412), (344, 409), (364, 401)], 6.5, (122, 40, 48), (0.5, 0.5))
    sheet.line([(304, 434), (320, 437), (336, 434)], 4, _SHADE)
    _cartoon_fringe(sheet)


def _cartoon_body(sheet: Sheet) -> None:
    body = curve(
        [(320, 510), (430, 520), (540, 556), (590, 660), (320, 700), (50, 660), (100, 556), (210, 520)]
    )
    sheet.fill(body, (252, 190, 74), (230, 140, 46))
    sheet.outline(body, 5, _INK)
    for way in both([(150, 566), (160, 610), (156, 650)]):
        sheet.line(way, 5, (196, 108, 36))
    neck = curve([(272, 420), (368, 420), (372, 500), (398, 532), (320, 562), (242, 532), (268, 500)])
    mask = sheet.fill(neck, _SKIN)
    sheet.fill(_FACE + [0, 22], _SHADE, within=mask)
    sheet.outline(neck, 5, _INK)
    for collar in both(
        curve([(236, 512), (262, 530), (320, 568), (300, 622), (240, 606), (208, 560)], steps=12)
    ):
        sheet.fill(collar, (255, 250, 236), (238, 226, 206))
        sheet.outline(collar, 4.5, _INK)


def _cartoon_fringe(sheet: Sheet) -> None:
    fringe = curve(
        [(320, 66), (428, 84), (498, 168), (506, 262), (484, 356), (458, 372), (452, 300), (430, 236)]
        + [(392, 194), (352, 190), (306, 206), (256, 208), (220, 232), (196, 290), (186, 372), (156, 356)]
        + [(134, 262), (142, 168), (212, 84)]
    )
    mask = sheet.fill(fringe, (206, 92, 56), _HAIR)
    shine = curve(
        [(170, 186), (230, 132), (320, 116), (410, 132), (470, 186), (400, 164), (320, 152), (240, 164)]
    )
    sheet.fill(shine, (236, 136, 84), within=mask)
    for way in (
        [(330, 78), (308, 130), (262, 186)],
        [(344, 80), (372, 130), (424, 190)],
        [(230, 110), (180, 180), (168, 300)],
        [(412, 112), (462, 180), (476, 300)],
    ):
        sheet.line(way, 5, _HAIR_DARK, (0.9, 0.1))
    sheet.outline(fringe, 5, _INK)
    for leaf in (
        curve([(420, 132), (452, 104), (486, 116), (470, 148)]),
        curve([(420, 132), (392, 104), (404, 78), (430, 96)]),
    ):
        sheet.fill(leaf, (92, 186, 176), (52, 138, 140))
        sheet.outline(leaf, 4, _INK)
    knot = oval(422, 128, 12, 11)
    sheet.fill(knot, (120, 206, 190))
    sheet.outline(knot, 4, _INK)


# -- As Japanese animation draws them ----------------------------------------------------------------------

_LINE: Colour = (58, 40, 62)
_PALE: Colour = (255, 228, 212)
_PALE_SHADE: Colour = (243, 188, 178)


def _anime_eye(sheet: Sheet, middle: float, outwards: int) -> None:
    def at(*places: tuple[float, float]) -> list[tuple[float, float]]:
        return [(middle + outwards * x, y) for x, y in places]

    white = curve(
        at((-36, 322), (-32, 288), (-8, 272), (22, 276), (40, 300), (38, 336), (16, 360), (-18, 358))
    )
    sheet.fill(white, _LINE)
    mask = sheet.fill((white - [middle, 318]) * [0.9, 0.93] + [middle, 320], (255, 254, 255))
    sheet.fill(oval(middle, 318, 27, 39), (44, 40, 104), within=mask)
    sheet.fill(oval(middle, 319, 23.5, 35), (52, 56, 150), (120, 206, 246), within=mask)
    sheet.fill(oval(middle, 314, 11, 17), (26, 22, 66), within=mask)
    sheet.soft(oval(middle, 344, 15, 8), (198, 246, 255), 3, 0.8, within=mask)
    sheet.fill(oval(middle - 9, 299, 8.5, 10.5, 14), (255, 255, 255), within=mask)
    sheet.fill(oval(middle + 10, 337, 4, 4.5), (255, 255, 255), within=mask)
    sheet.line(at((-40, 312), (-34, 284), (-8, 268), (24, 272), (42, 296), (47, 300)), 12, _LINE, (0.15, 0.1))
    sheet.line(at((36, 342), (14, 363), (-12, 362)), 4.5, _LINE, (0.7, 0.1))
    sheet.line(at((-24, 254), (4, 247), (34, 260)), 3, (206, 130, 128))


def _anime(sheet: Sheet) -> None:
    sheet.ground((255, 214, 226), (190, 206, 250))
    for x, y, size in ((84, 110, 34), (560, 90, 26), (596, 330, 20), (52, 380, 24), (120, 560, 18)):
        sheet.soft(oval(x, y, size, size), (255, 255, 255), 2, 0.55)
    back = curve(
        [
            (320, 52),
            (440, 74),
            (530, 170),
            (556, 320),
            (572, 470),
            (602, 600),
            (540, 680),
            (100, 680),
            (38, 600),
        ]
        + [(68, 470), (84, 320), (110, 170), (200, 74)]
    )
    sheet.fill(back, (118, 112, 190), (76, 66, 140))
    for way in ([(110, 330), (96, 460), (66, 600)], [(146, 400), (138, 500), (106, 640)]):
        for line in both(way):
            sheet.line(line, 5, (84, 76, 152))
    _anime_body(sheet)
    face = np.concatenate(
        [
            curve([(196, 250), (200, 330), (218, 392), (262, 446), (320, 482)], closed=False),
            curve([(320, 482), (378, 446), (422, 392), (440, 330), (444, 250)], closed=False),
            [(420, 150), (220, 150)],
        ]
    )
    for ear in both(curve([(204, 300), (180, 292), (174, 326), (190, 364), (214, 366)])):
        sheet.fill(ear, _PALE)
        sheet.outline(ear, 3, _LINE)
    mask = sheet.fill(face, _PALE)
    sheet.fill(
        curve([(190, 140), (450, 140), (448, 330), (430, 262), (330, 236), (212, 262), (192, 330)]),
        _PALE_SHADE,
        within=mask,
    )
    for cheek in both(oval(238, 386, 28, 12)):
        sheet.soft(cheek, (255, 150, 156), 8, 0.7, within=mask)
    for x in (228, 238, 248, 392, 402, 412):
        sheet.line([(x + 3, 380), (x - 3, 392)], 2.4, (232, 110, 124))
    sheet.line(
        curve([(196, 250), (200, 330), (218, 392), (262, 446), (320, 482)], closed=False),
        4,
        _LINE,
        (0.6, 0.9),
    )
    sheet.line(
        curve([(444, 250), (440, 330), (422, 392), (378, 446), (320, 482)], closed=False),
        4,
        _LINE,
        (0.6, 0.9),
    )
    for middle, outwards in ((258, -1), (382, 1)):
        _anime_eye(sheet, middle, outwards)
        sheet.line(
            [(middle - outwards * 26, 238), (middle + outwards * 6, 227), (middle + outwards * 34, 238)],
            5,
            (92, 84, 160),
        )
    sheet.line([(322, 376), (326, 388), (318, 391)], 3.4, (214, 120, 116), (0.2, 0.6))
    sheet.line([(292, 424), (306, 430), (320, 431), (334, 430), (348, 424)], 4.6, (132, 52, 74), (0.5, 0.5))
    _anime_hair(sheet)


def _anime_body(sheet: Sheet) -> None:
    shirt = curve([(320, 540), (420, 552), (520, 590), (556, 690), (84, 690), (120, 590), (220, 552)])
    sheet.fill(shirt, (255, 255, 255), (222, 226, 246))
    sheet.outline(shirt, 4, _LINE)
    neck = curve([(282, 440), (358, 440), (360, 530), (384, 560), (320, 604), (256, 560), (280, 530)])
    mask = sheet.fill(neck, _PALE)
    sheet.fill(curve([(270, 430), (370, 430), (364, 520), (320, 534), (276, 510)]), _PALE_SHADE, within=mask)
    sheet.outline(neck, 3.5, _LINE)
    for collar in both(np.array([(262, 542), (320, 606), (286, 664), (150, 640), (196, 568)], float)):
        sheet.fill(collar, (92, 108, 196), (70, 80, 164))
        sheet.outline(collar, 4, _LINE)
    for way in both([(206, 588), (176, 634), (284, 652)]):
        sheet.line(way, 3.5, (240, 244, 255), (1, 1))
    for bow in both(curve([(320, 618), (276, 592), (252, 618), (268, 652), (304, 644)])):
        sheet.fill(bow, (250, 96, 122), (214, 60, 100))
        sheet.outline(bow, 4, _LINE)
    sheet.fill(oval(320, 624, 15, 15), (255, 126, 144))
    sheet.outline(oval(320, 624, 15, 15), 4, _LINE)


def _lock(*places: tuple[float, float]) -> Path:
    """A strand of hair that ends in a point: down one side, and up the other one."""
    half = len(places) // 2 + 1
    return np.concatenate([curve(places[:half], closed=False), curve(places[half - 1 :], closed=False)])


def _anime_hair(sheet: Sheet) -> None:
    hair: Colour = (150, 144, 220)
    shade: Colour = (118, 110, 194)
    side = _lock(
        (232, 130), (186, 220), (180, 340), (196, 470), (150, 420), (118, 300), (122, 180), (200, 100)
    )
    locks = [
        *both(side),
        _lock((240, 100), (204, 170), (184, 250), (186, 306), (222, 252), (262, 170), (300, 100)),
        _lock((400, 100), (436, 170), (456, 250), (454, 306), (418, 252), (378, 170), (340, 100)),
        _lock((262, 96), (232, 160), (226, 220), (238, 262), (276, 214), (310, 150), (330, 96)),
        _lock((400, 96), (414, 160), (416, 210), (400, 254), (372, 206), (350, 150), (330, 96)),
        _lock((290, 96), (284, 160), (296, 214), (318, 252), (344, 204), (362, 150), (366, 96)),
    ]
    cap = curve(
        [
            (320, 46),
            (432, 64),
            (512, 146),
            (522, 240),
            (470, 186),
            (400, 150),
            (320, 142),
            (240, 150),
            (170, 186),
        ]
        + [(118, 240), (128, 146), (208, 64)]
    )
    for path in locks:
        mask = sheet.fill(path, hair)
        tip = path[np.argmax(path[:, 1])]
        sheet.soft(oval(tip[0], tip[1] + 14, 44, 70), shade, 16, 0.9, within=mask)
        low = path[:, 1] > 128
        first = int(np.argmax(low))
        sheet.line(path[first : first + int(low.sum())][::4], 4, _LINE, (0.5, 0.5))
    mask = sheet.fill(cap, hair)
    sheet.soft(
        curve([(320, 30), (470, 60), (540, 160), (440, 104), (320, 92), (200, 104), (100, 160), (170, 60)]),
        shade,
        14,
        0.7,
        within=mask,
    )
    for way in (
        [(318, 62), (296, 110), (268, 180)],
        [(326, 62), (344, 110), (366, 170)],
        [(288, 64), (220, 110), (190, 190)],
    ):
        sheet.line(way, 3.6, shade, (0.2, 0.1))
    sheet.line([(352, 64), (420, 110), (450, 190)], 3.6, shade, (0.2, 0.1))
    for shine in (
        [(206, 150), (236, 132), (280, 124), (310, 122)],
        [(330, 122), (366, 124), (408, 134), (430, 148)],
    ):
        sheet.line(shine, 15, (214, 212, 252), (0.05, 0.05))
    edge = curve(
        [(122, 236), (126, 146), (208, 62), (320, 44), (432, 62), (514, 146), (518, 236)], closed=False
    )
    sheet.line(edge[::8], 4.5, _LINE, (0.5, 0.5))
    petals = [(478, 196), (500, 214), (492, 240), (464, 240), (456, 214)]
    for x, y in petals:
        sheet.fill(oval(x, y, 15, 15), (255, 246, 214), (255, 220, 170))
        sheet.outline(oval(x, y, 15, 15), 3, _LINE)
    sheet.fill(oval(478, 219, 11, 11), (255, 186, 80))


# -- A sketch in pencil ------------------------------------------------------------------------------------

_PAPER: Colour = (246, 242, 232)
_PENCIL: Colour = (70, 68, 74)
_PENCIL_PALE: Colour = (158, 154, 154)


def _hatched(
    sheet: Sheet, area: Path, step: float, lean: float, width: float = 2.2, colour: Colour = _PENCIL_PALE
) -> None:
    """Parallel strokes within a shape, each a little off."""
    mask = sheet.mask(area)
    low, high = area.min(axis=0), area.max(axis=0)
    random = np.random.RandomState(len(area) + int(low[0]))
    for x in np.arange(
        low[0] - (high[1] - low[1]) * abs(lean), high[0] + (high[1] - low[1]) * abs(lean), step
    ):
        off = random.normal(0, step * 0.18, 4)
        way = [(x + off[0], high[1] + off[1]), (x + lean * (high[1] - low[1]) + off[2], low[1] + off[3])]
        sheet.line(way, width, colour, (0.6, 0.3), within=mask)


def _drawn(sheet: Sheet, way: Way, width: float = 3.4, colour: Colour = _PENCIL) -> None:
    """A line as a pencil leaves it: gone over twice, not quite in the same place."""
    places = np.asarray(way, float)
    random = np.random.RandomState(int(places.sum()) % 9973)
    sheet.line(places, width, colour, (0.35, 0.3))
    sheet.line(places + random.normal(0, 1.3, places.shape), 0.55 * width, colour, (0.35, 0.3))


def _sketched_eye(sheet: Sheet, middle: float, outwards: int) -> None:
    def at(*places: tuple[float, float]) -> list[tuple[float, float]]:
        return [(middle + outwards * x, y) for x, y in places]

    eye = curve(at((-32, 296), (-14, 281), (8, 277), (28, 287), (36, 299), (16, 312), (-12, 312)))
    mask = sheet.mask(eye)
    sheet.fill(eye, _PAPER)
    iris = oval(middle, 294, 15.5, 16.5)
    sheet.fill(iris, (150, 148, 150), within=mask)
    sheet.outline(iris, 3, _PENCIL, within=mask)
    sheet.fill(oval(middle, 294, 7.5, 8), (46, 44, 50), within=mask)
    sheet.fill(oval(middle - 5, 288, 3.6, 3.6), _PAPER, within=mask)
    sheet.outline(eye, 3, _PENCIL)
    sheet.line(at((-34, 297), (-14, 280), (8, 275), (30, 285), (42, 298)), 7, _PENCIL, (0.3, 0.2))
    _drawn(sheet, at((-22, 266), (4, 259), (32, 268)), 2.6, _PENCIL_PALE)
    for number, x in enumerate(np.linspace(-30, 36, 12)):
        lean = 7 + number * 0.9
        base = 243 - 12 * np.sin((x + 34) / 72 * np.pi * 0.9)
        sheet.line(at((x, base + 5), (x + lean, base - 6)), 4.4, _PENCIL, (0.6, 0.2))


def _sketch(sheet: Sheet) -> None:
    sheet.fill(np.array([(0, 0), (640, 0), (640, 640), (0, 640)]), _PAPER)
    _hatched(
        sheet,
        curve([(96, 120), (250, 60), (250, 300), (140, 500), (60, 380)]),
        15,
        0.55,
        1.8,
        (208, 203, 196),
    )
    coat = [(60, 660), (92, 590), (180, 552), (252, 522)]
    _hatched(sheet, np.array([(252, 522), (300, 640), (60, 652), (92, 590), (180, 552)], float), 9, 0.7, 2.2)
    _hatched(
        sheet,
        mirrored(np.array([(252, 522), (300, 640), (60, 652), (92, 590), (180, 552)], float)),
        9,
        0.7,
        2.2,
    )
    for way in both(coat):
        _drawn(sheet, way, 4)
    neck = curve([(268, 430), (372, 430), (372, 520), (392, 540), (320, 600), (248, 540), (268, 520)])
    sheet.fill(neck, _PAPER)
    _hatched(sheet, curve([(268, 446), (372, 446), (372, 500), (330, 520), (270, 496)]), 7, 0.6, 2.2)
    for way in both([(266, 440), (268, 510), (248, 538), (320, 612)]):
        _drawn(sheet, way, 3.4)
    for way in both([(248, 534), (222, 560), (268, 612), (300, 590), (320, 612)]):
        _drawn(sheet, way, 3.6)
    face = curve(
        [(320, 150), (400, 170), (436, 250), (430, 330), (410, 404), (366, 456), (320, 472)]
        + [(274, 456), (230, 404), (210, 330), (204, 250), (240, 170)]
    )
    sheet.fill(face, _PAPER)
    for way in both([(212, 282), (190, 276), (186, 312), (200, 352), (220, 352)]):
        _drawn(sheet, way, 3.2)
    for way in both([(206, 292), (200, 312), (210, 330)]):
        _drawn(sheet, way, 2.2, _PENCIL_PALE)
    for way in both([(206, 252), (210, 330), (230, 404), (274, 456), (320, 472)]):
        _drawn(sheet, way, 3.8)
    _hatched(
        sheet, curve([(404, 330), (424, 330), (408, 396), (372, 442), (352, 452), (386, 400)]), 7, 0.7, 2
    )
    for middle, outwards in ((264, -1), (376, 1)):
        _sketched_eye(sheet, middle, outwards)
    _drawn(sheet, [(332, 306), (342, 340), (340, 354), (326, 360), (306, 356)], 3)
    _hatched(sheet, curve([(334, 316), (352, 346), (348, 360), (334, 356)]), 6, 0.5, 1.8)
    _drawn(sheet, [(278, 401), (300, 403), (320, 406), (342, 402), (362, 396)], 5)
    _hatched(sheet, curve([(296, 424), (344, 422), (332, 432), (306, 432)]), 6, 0.5, 1.8)
    _sketched_hair(sheet)


def _sketched_hair(sheet: Sheet) -> None:
    front = [(214, 288), (236, 226), (256, 176), (300, 196), (350, 178), (400, 190), (424, 230), (428, 288)]
    top = [
        (214, 288),
        (192, 236),
        (184, 170),
        (222, 100),
        (300, 62),
        (386, 70),
        (450, 128),
        (462, 200),
        (428, 290),
    ]
    ahead, behind = curve(front, closed=False), curve(top, closed=False)
    mask = sheet.fill(np.concatenate([ahead, behind[::-1]]), (232, 227, 218))
    random = np.random.RandomState(4)
    for share in np.linspace(0.015, 0.985, 96):
        start = ahead[int(share * (len(ahead) - 1))]
        end = behind[int(np.clip(share - 0.05 + random.normal(0, 0.01), 0, 1) * (len(behind) - 1))]
        reach = 0.55 + 0.45 * random.rand() if random.rand() < 0.75 else 1.0
        stop = start + reach * (end - start)
        bend = (start + stop) / 2 + [-14 - 5 * random.normal(), -8]
        colour = _PENCIL if random.rand() < 0.5 else (124, 120, 122)
        if random.rand() < 0.5:
            start, stop = end, end + reach * (start - end)
            bend = (start + stop) / 2 + [-12, -6]
        sheet.line([start, bend, stop], 3.4, colour, (0.7, 0.15), within=mask)
    _drawn(sheet, top, 4.4)
    _drawn(sheet, front, 3.2)
    for strand in (
        [(240, 96), (226, 70), (236, 48)],
        [(268, 84), (258, 58), (276, 40)],
        [(440, 116), (462, 108), (476, 118)],
    ):
        _drawn(sheet, strand, 3)


PUPPETS = (
    Puppet("cartoon", _cartoon, ((262, 300), (378, 300), (276, 401), (364, 401))),
    Puppet("anime", _anime, ((258, 318), (382, 318), (292, 424), (348, 424))),
    Puppet("sketch", _sketch, ((264, 296), (376, 296), (278, 401), (362, 396))),
)
