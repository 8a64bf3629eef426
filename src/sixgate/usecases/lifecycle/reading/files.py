"""A file somebody handed in, for the eyes of those who may see it: of evidence, or the scan of a paper decision."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sixgate.kernel.refusal import Forbidden, Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import DocumentFile, EvidenceFile
from sixgate.records.store import stored_path
from sixgate.usecases._frame import Actor
from sixgate.usecases._project import target_of
from sixgate.usecases.lifecycle.reading._rights import opens_secrets
from sixgate.usecases.lifecycle.reading.evidence import seen


@dataclass(frozen=True, slots=True)
class FileOnDisk:
    """Where the bytes lie, the name they came with, their digest."""

    path: Path
    name: str
    sha256: str


def file_for(actor: Actor, file_id: UUID) -> FileOnDisk:
    """Return a file; raise Invisible when the reader cannot see its project, Forbidden when it is a work secret their posts do not open."""
    evidence = EvidenceFile.objects.filter(pk=file_id).select_related("version__evidence", "file").first()
    if evidence is not None:
        project = seen(actor, evidence.version.evidence.project_id)
        if evidence.version.work_secret and not opens_secrets(actor, target_of(project)):
            raise Forbidden("work_secret", gettext_noop("这份材料是工作秘密，您的岗位不能查看。"))
        return FileOnDisk(stored_path(evidence.file.sha256), evidence.name, evidence.file.sha256)
    paper = DocumentFile.objects.filter(pk=file_id).select_related("document", "file").first()
    if paper is None:
        raise Invisible
    seen(actor, paper.document.project_id)
    return FileOnDisk(stored_path(paper.file.sha256), paper.name, paper.file.sha256)
