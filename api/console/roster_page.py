from api.console.frame import Beat
from api.console.page import Visit


def build(visit: Visit, beat: Beat) -> None: ...
