using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Tests.Recording;

public sealed class EventReaderTests
{
    private static readonly LedgerStory Story = LedgerStory.Begin();

    [Fact]
    public void Each_known_event_is_read_with_its_trace()
    {
        var readings = Story.Events.Sequenced().Select(EventReader.Read).ToList();

        readings[0].ShouldBeOfType<EventReading.RequestOpened>().Witness.TraceId.ShouldBe(Story.TraceId);
        readings[1].ShouldBeOfType<EventReading.AttemptOpened>().Witness.Payload.AttemptId.ShouldBe(Story.AttemptId);
        readings[2].ShouldBeOfType<EventReading.AttemptClosed>().Witness.Payload.Usage.ShouldBe(Story.Finished.Usage);
        readings[3].ShouldBeOfType<EventReading.RequestClosed>().Witness.Payload.Cost.ShouldBe(0.000223m);
    }

    [Fact]
    public void Unknown_type_is_ignored_whatever_it_holds() =>
        Read(Story.Events[0] with { Type = "BudgetRecalled", PayloadVersion = 9, Payload = "?" }).ShouldBeOfType<EventReading.Unknown>();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    public void Unknown_version_is_refused(int version) =>
        Refusal(Story.Events[0] with { PayloadVersion = version }).ShouldStartWith("payload_version");

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    [InlineData("{\"requestId\":\"x\"}")]
    [InlineData("{\"requestId\":\"\\ud800\"}")]
    [InlineData("{\"dimensions\":{\"tenantId\":\"\\ud800\"}}")]
    public void Payload_of_another_form_is_refused(string payload) =>
        Refusal(Story.Events[0] with { Payload = payload }).ShouldStartWith("payload");

    [Fact]
    public void Missing_members_are_refused()
    {
        Refusal(Story.Events[0] with { EventId = Guid.Empty }).ShouldStartWith("event_id");
        Refusal(Story.Events[0] with { Type = null! }).ShouldStartWith("type");
        Refusal(Story.Events[0] with { Payload = null! }).ShouldStartWith("payload");
        Refusal(Story.Events[0] with { OccurredAt = default }).ShouldStartWith("occurred_at");
    }

    [Fact]
    public void Event_without_a_trace_is_read() =>
        Read(Story.Events[3] with { TraceParent = "garbage" }).ShouldBeOfType<EventReading.RequestClosed>().Witness.TraceId.ShouldBeEmpty();

    [Fact]
    public void Impossible_requests_are_refused_by_the_member_at_fault()
    {
        var admitted = Story.Admitted;
        Refusal(admitted with { RequestId = Guid.NewGuid() }).ShouldStartWith("request_id");
        Refusal(admitted with { Reserved = -1 }).ShouldStartWith("reserved");
        Refusal(admitted with { RequestedModel = null! }).ShouldStartWith("requested_model");
        Refusal(admitted with { LeaseSlices = [new LeaseSlice { LeaseId = Guid.Empty, Amount = 1 }] }).ShouldStartWith("lease_id");

        var completed = Story.Completed;
        Refusal(completed with { Cost = 0.0000000000000001m }).ShouldStartWith("cost");
        Refusal(completed with { Cost = 1_000_000_000_000_000m }).ShouldStartWith("cost");
        Refusal(completed with { Settlement = "guessed" }).ShouldStartWith("settlement");
        Refusal(completed with { Cache = "maybe" }).ShouldStartWith("cache");
        Refusal(completed with { AttemptCount = -1 }).ShouldStartWith("attempt_count");
        Refusal(completed with { CompletedAt = default }).ShouldStartWith("completed_at");
        Refusal(completed with { TimeToFirstTokenMs = -1 }).ShouldStartWith("time_to_first_token_ms");
    }

    [Fact]
    public void Impossible_attempts_are_refused_by_the_member_at_fault()
    {
        var finished = Story.Finished;
        Refusal(finished with { AttemptId = Guid.NewGuid() }).ShouldStartWith("attempt_id");
        Refusal(finished with { Ordinal = -1 }).ShouldStartWith("ordinal");
        Refusal(finished with { Usage = finished.Usage with { Reasoning = -1 } }).ShouldStartWith("reasoning");
        Refusal(finished with { Outcome = "fine" }).ShouldStartWith("outcome");
        Refusal(finished with { CostCurrency = "usd" }).ShouldStartWith("cost_currency");
        Refusal(finished with { DurationMs = -0.5 }).ShouldStartWith("duration_ms");
        Refusal(finished with { Target = finished.Target with { Rate = 0 } }).ShouldStartWith("rate");
        Refusal(finished with { Target = finished.Target with { Price = "{}" } }).ShouldStartWith("price");
        Refusal(finished with { Target = finished.Target with { Price = "nonsense" } }).ShouldStartWith("price");
        Refusal(finished with { Target = null! }).ShouldStartWith("target");
        Refusal(Story.Started with { StartedAt = default }).ShouldStartWith("started_at");
    }

    [Fact]
    public void Rate_within_one_currency_may_have_no_day()
    {
        var target = Story.Started.Target with { Rate = 1, RateAsOf = DateTimeOffset.UnixEpoch };

        Read(Story.Wrap(Story.Started with { Target = target })).ShouldBeOfType<EventReading.AttemptOpened>();
        Refusal(Story.Started with { Target = target with { RateAsOf = default } }).ShouldStartWith("rate_as_of");
    }

    [Fact]
    public void Impossible_dimensions_are_refused_by_the_member_at_fault()
    {
        RefusalOf(Story.Dimensions with { TenantId = "" }).ShouldStartWith("tenant_id");
        RefusalOf(Story.Dimensions with { TenantId = "Acme" }).ShouldStartWith("tenant_id");
        RefusalOf(Story.Dimensions with { Purpose = "fun" }).ShouldStartWith("purpose");
        RefusalOf(Story.Dimensions with { Currency = "EURO" }).ShouldStartWith("currency");
        RefusalOf(Story.Dimensions with { RequestStartedAt = default }).ShouldStartWith("request_started_at");
        RefusalOf(Story.Dimensions with { Tags = null! }).ShouldStartWith("tags");
        RefusalOf(null!).ShouldStartWith("dimensions");
    }

    private static string RefusalOf(LedgerDimensions dimensions) => Refusal(Story.Admitted with { Dimensions = dimensions });

    private static string Refusal<TPayload>(TPayload payload) where TPayload : notnull => Refusal(Story.Wrap(payload));

    private static string Refusal(LedgerEvent envelope) => Read(envelope).ShouldBeOfType<EventReading.Refused>().Reason;

    private static EventReading Read(LedgerEvent envelope) => EventReader.Read(new SequencedEvent("gateway-0", 1, envelope));
}
