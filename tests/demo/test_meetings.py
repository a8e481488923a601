"""The meetings of the demo's story come when there is something to decide in them."""

from evaluation.meetings.models import Meeting, MeetingStatus


def test_the_region_meets_after_the_lists_are_to_be_forwarded_to_it(demo):
    """It met a fortnight before the date by which the helsefellesskap forward their lists."""
    meeting = Meeting.objects.get(body__code="tildelingsutvalg-helse-nord", status=MeetingStatus.PLANNED)
    (stage,) = meeting.body.stages.filter(round__code="helse-nord-2025")
    assert meeting.starts_at > stage.round.forward_by
