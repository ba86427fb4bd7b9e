"""The phrases by which requests are recognised, as regular expressions."""

from __future__ import annotations

import re

from assay.brain.subjects import NOUN

CREATE = re.compile(
    r"^(?:create|write|make|generate|add|draft|build|produce|prepare|author|come up with|give|need|"
    r"want|set up|design|record|implement|develop|propose and write)\b\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
VERIFY = re.compile(
    r"^(?:re-?)?(?:test|verify|check|validate|ensure|make\s+sure|cover|confirm|assert|try(?:\s+out)?|"
    r"qa|see\s+(?:if|whether)|find\s+out\s+(?:if|whether))\b(?:\s+out)?\s*"
    r"(?:that\b|if\b|whether\b|how\b)?\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
DOES_IT_WORK = re.compile(
    r"^(?:is|are|does|do)\s+(.+?)\s+(?:work(?:ing|s)?|ok(?:ay)?|fine|broken|functional)\b.*$",
    re.IGNORECASE,
)
RUN = re.compile(
    r"^(?:re-?\s?run|run|execute|launch|start|kick\s+off|replay|re-?\s?test|trigger|re-?execute)\b"
    r"\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
EXPLORE = re.compile(
    r"^(?:explore|crawl|discover|map(?:\s+out)?|scan|browse|look\s+(?:around|at|through|over)|walk\s+"
    r"through|get\s+to\s+know|learn(?:\s+about)?|analy[sz]e|inspect|investigate|visit|open|go\s+to|"
    r"study|check\s+out|(?:find|look\s+for|search\s+for|hunt\s+for|detect)\s+(?:\w+\s+){0,2}"
    r"(?:bugs?|issues?|errors?|problems?|defects?|broken\s+\w+))\b\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
SUGGEST = re.compile(
    r"^(?:what|which)\b.*\b(?:should|could|can|to)\b.*\btest(?:ed)?\b|"
    r"\b(?:suggest|propose|recommend|ideas?\s+for)\b.*\b(?:tests?|cases|scenarios|to test)\b|"
    r"^(?:what|which)\s+(?:pages|forms|features|flows|functionality)\b|"
    r"^what\s+(?:is|'s)\s+(?:there\s+)?(?:on|in)\s+(?:the|this|my)\s+(?:site|app|page|website)",
    re.IGNORECASE,
)
LIST = re.compile(
    r"^(?:list|show|display|print|enumerate|give|see|view|get)\s+(?:me\s+|us\s+)?(?:a\s+list\s+of\s+)?"
    rf"(?:all\s+)?(?:of\s+)?(?:the\s+|my\s+|our\s+)?(?:available\s+|existing\s+|current\s+)?{NOUN}"
    r"(?:\s+(?:you\s+have|i\s+have|we\s+have|there\s+are|so\s+far|that\s+exist|available))*$|"
    rf"^(?:what|which)\s+(?:are\s+the\s+|are\s+my\s+)?{NOUN}(?:\s+(?:do|have|are|did|exist|can)\b.*)?$|"
    rf"^how\s+many\s+{NOUN}\b|^what(?:'s|\s+is)\s+(?:already\s+)?(?:covered|tested)|"
    rf"^do\s+(?:i|we|you)\s+have\s+(?:any\s+)?{NOUN}$|^(?:my\s+)?tests?$",
    re.IGNORECASE,
)
LIST_CONFIGS = re.compile(
    r"^(?:list|show|what|which|do)\b.*\b(?:credentials|configs?|logins|accounts|users)\b"
    r"(?:\s+(?:do|are|have|did|exist|you|can)\b.*)?$",
    re.IGNORECASE,
)
SHOW = re.compile(
    r"^(?:show|display|open|print|describe|explain|view|see|give|get|what\s+(?:does|do|is|are))\s+"
    r"(?:me\s+|us\s+)?(.*)$",
    re.IGNORECASE | re.DOTALL,
)
LAST_RUN = re.compile(
    r"\bwhat\s+(?:happened|went\s+wrong|failed|broke|was\s+the\s+result|is\s+the\s+status)\b|"
    r"\bwhy\s+(?:did|does|is|was|has|are|were)\b.*\b(?:fail\w*|red|broken|break|not\s+(?:pass|work)\w*|"
    r"draft|flaky)\b|\bhow\s+did\s+(?:it|they|that|the|my)\b.*|"
    r"\b(?:last|latest|previous|most\s+recent)\s+(?:test\s+)?(?:run|results?|execution)\b|"
    r"^(?:show|what\s+(?:are|were)|give)\b.*\bresults?\b|^results?$|^status$|"
    r"\bdid\s+(?:it|they|the|my|all|any|everything)\b.*\b(?:pass|fail|work|succeed)\w*|"
    r"^(?:which|what)\s+(?:ones?|tests?)\s+(?:failed|passed|broke|are\s+(?:failing|red|broken))",
    re.IGNORECASE,
)
HELP = re.compile(
    r"^(?:help(?:\s+me)?|\?+|/help|-h|--help|man|usage|commands|menu|examples?)$|"
    r"^what\s+(?:else\s+)?(?:can|do)\s+(?:you|i)\s+(?:do|say|ask|type|write)\b(?!.*\btest(?:s|ed)?\b)|"
    r"^how\s+(?:do|does|can|should)\s+(?:i|this|it|you|assay|we)\s+(?:use|work|start|begin|help|get\s+"
    r"started|ask|talk)\b|^who\s+are\s+you|^what\s+are\s+you|^what\s+is\s+(?:this|assay)$|"
    r"^how\s+(?:do|can|should|does)\s+(?:i|we|one)\b|^(?:show|tell)\s+me\s+what\s+you\s+can\b|"
    r"^(?:how\s+to|getting\s+started|what\s+now|what\s+next|how\s+does\s+this\s+work)\b",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^(?:hi+|hello+|hey+|yo|good\s+(?:morning|afternoon|evening|day)|greetings|howdy|"
    r"how\s+are\s+you(?:\s+\w+)?)(?:\s+(?:there|assay|all|team|everyone))?$",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"^(?:(?:ok(?:ay)?|great|cool|nice|perfect|super|awesome|wonderful|excellent|good(?:\s+(?:job|"
    r"work))?|well\s+done|thanks?|thank\s+you|thx|ty|cheers|bye|goodbye|see\s+you|got\s+it|"
    r"understood|never\s*mind|fine|alright|so\s+much|a\s+lot|very\s+much|very|that'?s|all|for\s+now|"
    r"very|really|much)[\s,!.]*)+$",
    re.IGNORECASE,
)
OVERRIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instruction|instructions|rules?|"
    r"prompts?|guidelines|guardrails|restrictions|policies|safety|told|above|previous)\b|"
    r"\b(?:system|hidden|initial)\s+prompt\b|\byou\s+are\s+now\b|\bjailbreak\b|\bact\s+as\s+(?:if|an?)\b"
    r"|\breveal\b.{0,80}\b(?:password|secret|key|credential|prompt)s?\b|"
    r"\b(?:mark|report|say|pretend|claim)\b.{0,40}\b(?:as\s+)?(?:passed|passing|green|approved|proven)\b",
    re.IGNORECASE | re.DOTALL,
)
DESTRUCTIVE = re.compile(
    r"^(?:delete|remove|erase|wipe|drop|purge|destroy|clear|reset|kill|disable|deactivate|cancel|stop|"
    r"deploy|publish|uninstall|shut\s*down|rm|sudo|format|truncate)\b",
    re.IGNORECASE,
)
CODE_LINE = re.compile(
    r"^\s*(?:```|def |class \w+[:({]|import |from \w+ import|const |let |var |function\b|"
    r"return\b|if\s*\(|for\s*\(|#include|public |private |(?-i:SELECT|INSERT|UPDATE|DELETE) |"
    r"<\/?\w+[^>]*>|[{}\]);]+\s*$|\$ |>>> |Traceback|File \"|\s+at \w|@\w+|"
    r"(?:it|describe|test)\(|diff --git|@@ |[+-]{3} )|"
    r";\s*$|\{\s*$",
    re.IGNORECASE,
)
AGAIN = re.compile(
    r"\b(?:it|them|those|these|that|this|that\s+one|the\s+new\s+ones?|again|the\s+same(?:\s+ones?)?|"
    r"what\s+you\s+(?:just\s+)?(?:created|wrote|made)|(?:you\s+)?just\s+(?:created|written|wrote|made)|"
    r"both|created)\b",
    re.IGNORECASE,
)
ALSO = re.compile(
    r"^(?:and\s+|now\s+|then\s+|next\s+)*(?:also|too|additionally|in\s+addition|what\s+about|how\s+about|"
    r"another|one\s+more|same\s+(?:with|for|but)|the\s+same|do\s+the\s+same|likewise|and\s+with|"
    r"and\s+without|but\s+with|with|without|now\s+with|as\s+well)\b\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
ID = re.compile(r"\b[a-z]{2,12}(?:-[\w-]+)?_[0-9A-Za-z]{6,}\b")
CREATE_TESTS = re.compile(rf"^(?:create|write|make|generate|add)\b.*\b{NOUN}\b", re.IGNORECASE)
