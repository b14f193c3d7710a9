using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Providers.Tests.Execution;

public sealed class AttemptLedgerTests(ProvidersFixture fixture)
{
    [Fact]
    public async Task End_that_can_never_be_recorded_is_not_tried_for_ever()
    {
        var ledger = new AttemptLedger(fixture.Services.GetRequiredService<Outbox>(), TimeProvider.System, NullLogger<AttemptLedger>.Instance);
        var url = fixture.Upstream.Script("ledger-huge", OpenAIWire.AnswerAsync);
        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("ledger-huge", url)));
        var completed = fixture.Completed(answer.RequestId).Single() with { RequestId = Guid.NewGuid(), FailureCode = new string('x', 2 * 1024 * 1024) };

        await ledger.CompleteAsync(completed).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        fixture.Completed(completed.RequestId).ShouldBeEmpty();
    }
}
