"""The demo: `python app.py` serves it. GRADIO_SERVER_NAME and GRADIO_SERVER_PORT set the address.

VTON_CHECKPOINT names other weights than the bundled ones. Importing this file loads no weights.
"""

import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before Gradio is imported

from vton.ui.app import serve  # noqa: E402

if __name__ == "__main__":
    serve()
