using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Tests.Recording;

public sealed class LedgerRowsTests
{
    [Fact]
    public void Batch_becomes_one_row_per_request_and_attempt()
    {
        var rows = LedgerRows.Fold(new[] { LedgerStory.Begin(), LedgerStory.Begin() }.SelectMany(story => story.Events).Sequenced());

        rows.Requests.Count.ShouldBe(2);
        rows.Attempts.Count.ShouldBe(2);
        rows.Requests.ShouldAllBe(row => row.Admitted != null && row.Completed != null);
        rows.Refused.ShouldBeEmpty();
    }

    [Fact]
    public void Copies_in_one_batch_change_nothing()
    {
        var story = LedgerStory.Begin();

        var rows = LedgerRows.Fold(story.Events.Concat(story.Events).Sequenced());

        rows.Requests.ShouldHaveSingleItem().Completed!.EventId.ShouldBe(story.Events[3].EventId);
        rows.Refused.ShouldBeEmpty();
    }

    [Fact]
    public void Second_story_of_the_same_request_is_refused()
    {
        var story = LedgerStory.Begin();
        var other = story.Wrap(story.Completed with { Cost = 9 });

        var rows = LedgerRows.Fold(story.Events.Append(other).Sequenced());

        rows.Refused.ShouldHaveSingleItem().Source.Event.ShouldBe(other);
        rows.Requests.ShouldHaveSingleItem().Completed!.Payload.Cost.ShouldBe(story.Completed.Cost);
    }

    [Fact]
    public void Event_that_moves_a_request_to_another_tenant_is_refused()
    {
        var story = LedgerStory.Begin();
        var moved = story.Wrap(story.Completed with { Dimensions = story.Dimensions with { TenantId = "other" } });

        var rows = LedgerRows.Fold(new[] { story.Events[0], moved }.Sequenced());

        rows.Refused.ShouldHaveSingleItem().Source.Event.ShouldBe(moved);
        rows.Requests.ShouldHaveSingleItem().Dimensions.TenantId.ShouldBe("acme");
    }

    [Fact]
    public void Unknown_types_are_counted() =>
        LedgerRows.Fold(LedgerStory.Begin().Events.Select(item => item with { Type = "Later" }).Sequenced()).Ignored.ShouldBe(4);
}
