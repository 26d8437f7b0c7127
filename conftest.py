"""What cannot be imported here is not collected for its examples."""

import importlib.util

collect_ignore = (
    []
    if importlib.util.find_spec("langchain_core.decisions")
    else ["langchain_vs/decision_model.py", "langchain_vs/_decision_questions.py"]
)
