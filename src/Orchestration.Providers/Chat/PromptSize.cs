using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>How long the prompt of one request is; measured once, when it is first asked for.</summary>
internal sealed class PromptSize(ChatRequest request, long estimatedByCaller)
{
    private readonly Lazy<TextSize> _size = new(() => TextMeasure.Measure(request));

    public TextSize Text => _size.Value;

    /// <summary>Tokens of the prompt for a model: learned from the provider's own counts, else what the caller estimated.</summary>
    public long TokensFor(TokenEstimates tokens) => tokens.OfPrompt(Text) ?? estimatedByCaller;
}
