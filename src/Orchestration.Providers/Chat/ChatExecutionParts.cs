using System.Diagnostics;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Chat;

/// <summary>What every chat execution is made of.</summary>
internal sealed class ChatExecutionParts(
    CandidateChains chains,
    ChatDialects dialects,
    AttemptRunner runner,
    ExecutionRegistry registry,
    DeploymentStates health,
    TokenLearning tokens,
    HedgeSpend hedgeSpend,
    IOptions<ExecutionOptions> options,
    TimeProvider time,
    ILogger<ChatExecution> logger)
{
    public CandidateChains Chains => chains;

    public ChatDialects Dialects => dialects;

    public AttemptRunner Runner => runner;

    public DeploymentStates Health => health;

    public TokenLearning Tokens => tokens;

    public HedgeSpend HedgeSpend => hedgeSpend;

    public ExecutionOptions Options { get; } = options.Value;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Starts a request; null once the process is stopping.</summary>
    public ChatExecution? Begin(ExecutionOrder order, ChatRequest request, ActivityContext trace)
    {
        var execution = new ChatExecution(order, request, this, trace, registry.ShuttingDown);
        return registry.TryRun(execution.RunAsync) ? execution : null;
    }
}
