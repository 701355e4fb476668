"""Sentences of languages other than English, with the letters that tell when lips meet: two or more of each."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, ...]]] = {
    "de": (
        "Meine Mutter brachte am Abend einen Korb voller Äpfel mit.",
        "Bitte bleib noch ein bisschen, wir müssen über morgen sprechen.",
    ),
    "es": (
        "Mi madre compró una mesa pequeña para el balcón.",
        "El perro bebe agua y la vaca vive en el campo.",
        "Vivimos en Valencia y viajamos en avión.",
    ),
    "fr": (
        "Ma mère a acheté un beau parapluie bleu.",
        "Nous avons mangé des pommes avant de partir.",
        "Il fait beau temps dans les champs en novembre.",
        "Le parfum est un nom masculin, et le plomb est lourd.",
        "Beaucoup trop de gens ont faim longtemps.",
    ),
    "it": ("La mamma prepara una buona pasta al pomodoro.", "Il bambino beve un bicchiere di acqua."),
    "pl": ("Moja mama kupiła piękny niebieski parasol.", "Proszę podać mapę przed północą."),
    "ru": ("Моя мама купила большой синий зонт.", "Пожалуйста, принесите карту до полуночи."),
    "el": ("Η μαμά μου αγόρασε μια μεγάλη ομπρέλα.", "Παρακαλώ φέρτε τον χάρτη πριν τα μεσάνυχτα."),
    "ja": ("わたしの ははは おおきな かばんを かいました。", "まどの まえに ぼうしが ありました。"),
    "ko": ("우리 엄마는 큰 파란 우산을 샀어요.", "밤에 바람이 많이 불었습니다."),
    "tr": ("Annem büyük mavi bir şemsiye aldı.", "Lütfen haritayı gece yarısından önce getirin."),
    "nl": ("Mijn moeder kocht een grote blauwe paraplu.", "Breng de kaart alsjeblieft voor middernacht."),
    "pt": (
        "Minha mãe comprou um grande guarda-chuva azul.",
        "Por favor, traga o mapa antes da meia-noite.",
        "Eles têm um bom jardim também.",
        "Ontem o homem não quis fim nem começo.",
    ),
}
"""eSpeak NG's voice → what it says."""
