from dataclasses import dataclass
from uuid import UUID

from workloom.core.search import matching


@dataclass(frozen=True)
class Text:
    title: str
    body: str = ""
    codes: tuple[str, ...] = ()
    is_open: bool = True


@dataclass(frozen=True)
class Library:
    scope: UUID
    names: dict[UUID, str]

    def found(self, query: str) -> list[str]:
        """The names of the texts that a query finds, the best first."""
        keys = matching(query).filter(scope=self.scope).values_list("object_id", flat=True)
        return [self.names[key] for key in keys]


TEXTS = {
    "login": Text("Fix the login page", "Users cannot log in after the deployment.", ("ENG-42", "OLD-7")),
    "deploy": Text("Deployment of the new server", "See ENG-42 first. The login works.", ("ENG-421",)),
    "redeploy": Text("Undeployable artefacts", "nothing else", ("ENG-43",)),
    "deploy word": Text("Please deploy", "", ("OPS-1",)),
    "deploy body": Text("Release notes", "we deploy on Friday", ("OPS-42",)),
    "closed deploy": Text("Please deploy", "done", ("OPS-2",), is_open=False),
    "stop words": Text("To be or not to be", "who was the one with it", ()),
    "short": Text("UI QA", "a b c", ()),
    "chinese": Text("项目计划", "请在周五之前完成测试报告。", ()),
    "chinese mixed": Text("API接口文档", "更新REST接口v2的说明", ()),
    "japanese": Text("ガイドを更新する", "新しいデータベースの設計について", ()),
    "half width": Text("ｶﾞｲﾄﾞ", "", ()),
    "korean": Text("프로젝트계획을 검토", "데이터베이스 성능 개선", ()),
    "turkish": Text("İstanbul ofisi", "ışık ayarları, KIRMIZI", ()),
    "german": Text("Straße größer machen", "Übermäßige Länge", ()),
    "composed": Text("Café crème", "", ()),
    "decomposed": Text("Cafe\u0301 au lait", "", ()),
    "emoji": Text("Launch 🚀 soon", "thumbs👍🏽up ❤️", ()),
    "arabic": Text("مُدِيرُ المشروع", "اجتماع يوم ٤٢", ()),
    "russian": Text("Ёлочный проект", "Переработать интерфейс", ()),
    "thai": Text("โครงการใหม่", "ทดสอบระบบ", ()),
    "hindi": Text("परियोजना योजना", "काम जारी है", ()),
    "languages": Text("Port from C++ to C#", "not Go", ()),
    "plain c": Text("Vitamin c", "", ()),
    "wild": Text("100% of foo_bar\\baz", 'it\'s a*b "quoted" <tag>', ()),
    "numbers": Text("Error 1732 in v2.10.3", "covid-19 utf-8 192.168.0.1", ()),
    "across": Text("ends with alpha", "beta begins", ()),
    "mail": Text("Ask user@example.com", "see https://example.com/path?x=1", ()),
    "long word": Text("Pneumonoultramicroscopic", "ёжикисмотрящиевтуман", ()),
}
