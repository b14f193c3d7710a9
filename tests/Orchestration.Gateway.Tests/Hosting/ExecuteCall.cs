using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Providers.V1;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>One execution as a script plays it.</summary>
internal sealed class ExecuteCall(Start start, IServerStreamWriter<ChatEvent> output, Task clientGone)
{
    public Start Start => start;

    /// <summary>Completes when the gateway says that the client has left.</summary>
    public Task ClientGone => clientGone;

    public Task SendAsync(ChatEvent chatEvent) => output.WriteAsync(chatEvent);

    public async Task AttemptAsync(int ordinal = 0) => await SendAsync(new ChatEvent
    {
        AttemptStarted = new AttemptStarted { AttemptId = Guid.CreateVersion7().ToString("D"), Deployment = Candidate(ordinal).Id, Ordinal = ordinal },
    });

    public async Task CommitAsync(int ordinal = 0, params Warning[] warnings)
    {
        var deployment = Candidate(ordinal);
        await SendAsync(new ChatEvent
        {
            ResponseStarted = new ResponseStarted
            {
                AttemptId = Guid.CreateVersion7().ToString("D"),
                Deployment = deployment.Id,
                Provider = deployment.Provider,
                Model = deployment.Model,
                ReportedModel = deployment.UpstreamModel,
                Route = start.Plan.Route,
                Simulated = deployment.Simulated,
                Warnings = { warnings },
            },
        });
    }

    public Task BeginTextAsync() => SendAsync(new ChatEvent { PartStart = new PartStart { Kind = PartKind.Text } });

    public Task TextAsync(string text) => SendAsync(new ChatEvent { PartDelta = new PartDelta { Text = text } });

    public async Task FinishAsync(FinishReason reason = FinishReason.Stop, string raw = "stop")
    {
        await SendAsync(new ChatEvent { PartStop = new PartStop() });
        await SendAsync(new ChatEvent { Usage = Used });
        await SendAsync(new ChatEvent { Finish = new Finish { Reason = reason, RawReason = raw } });
    }

    public Task FailAsync(FailureClass failureClass, string code, bool retryable = false) => SendAsync(new ChatEvent
    {
        Error = new Failure { FailureClass = failureClass, Code = code, Message = "The provider failed.", Retryable = retryable },
    });

    public Task SummaryAsync(AttemptOutcome outcome = AttemptOutcome.Succeeded, Settlement settlement = Settlement.Exact) => SendAsync(new ChatEvent
    {
        Summary = new Summary
        {
            Settlement = settlement,
            Cost = new Money { Amount = "0.00001", Currency = "USD" },
            Attempts =
            {
                new AttemptSummary
                {
                    AttemptId = Guid.CreateVersion7().ToString("D"),
                    Deployment = Candidate(0).Id,
                    Provider = "test",
                    Model = Candidate(0).Model,
                    Outcome = outcome,
                    Usage = Used,
                    StartedAt = start.StartedAt,
                    Duration = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1)),
                    Simulated = true,
                },
            },
        },
    });

    /// <summary>A whole good answer.</summary>
    public async Task AnswerAsync(params string[] texts)
    {
        await AttemptAsync();
        await CommitAsync();
        await BeginTextAsync();
        foreach (var text in texts)
            await TextAsync(text);
        await FinishAsync();
        await SummaryAsync();
    }

    private static Usage Used => new() { InputTokens = 6, OutputTokens = 2, Source = UsageSource.Provider };

    private Contracts.Routing.V1.Deployment Candidate(int ordinal) => start.Plan.Candidates[Math.Min(ordinal, start.Plan.Candidates.Count - 1)].Deployment;
}
