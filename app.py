"""The demo: `python app.py` serves it. GRADIO_SERVER_NAME and GRADIO_SERVER_PORT set the address.

GRADIO_TEMP_DIR says where uploads and pictures lie while they are kept; VTON_CHECKPOINT names other weights than the
bundled ones. Importing this file loads no weights.
"""

from vton.ui.server.startup import leave, main

if __name__ == "__main__":
    leave(main())
