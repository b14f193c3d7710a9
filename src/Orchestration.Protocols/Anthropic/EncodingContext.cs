using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>What all writers of one request share: the request, the target, and what was changed on the way.</summary>
internal sealed class EncodingContext
{
    public EncodingContext(ChatRequest request, AnthropicRequestTarget target)
    {
        Request = request;
        Target = target;
        SameProtocol = request.Protocol == Protocol.AnthropicMessages;
        ToolNames = AnthropicToolNames.Of(request);
        MaxTokens = LimitOutput();
        Thinking = ThinkingPlan.Of(this);
        SchemaTool = AnthropicSchemaTool.AppliesTo(request, target.Rules);
    }

    public ChatRequest Request { get; }

    public AnthropicRequestTarget Target { get; }

    public AnthropicModelRules Rules => Target.Rules;

    public bool SameProtocol { get; }

    public AnthropicToolNames ToolNames { get; }

    public int MaxTokens { get; }

    public ThinkingPlan Thinking { get; set; }

    public bool SchemaTool { get; }

    public EncodingWarnings Warnings { get; } = new();

    public void Dropped(string param, string message) => Warnings.Dropped(param, message);

    public void DroppedReasoning(string param, ReasoningPart reasoning, string message) => Warnings.DroppedReasoning(param, reasoning, message);

    public void Changed(string param, string message) => Warnings.Changed(param, message);

    public void Clamped(string param, string message) => Warnings.Clamped(param, message);

    public void Refuse(string param, string message) => Warnings.Refuse(param, message);

    // The protocol demands a limit, so there is always one.
    private int LimitOutput()
    {
        const int LastResort = 4096;
        if (!Request.HasMaxOutputTokens)
        {
            var standard = Math.Min(Target.DefaultMaxOutputTokens ?? Target.MaxOutputTokens ?? LastResort, Target.MaxOutputTokens ?? int.MaxValue);
            Warnings.Add("default_max_output", "max_tokens", $"No output limit was given; {standard} tokens were sent.");
            return standard;
        }

        if (!(Request.MaxOutputTokens > Target.MaxOutputTokens))
            return Request.MaxOutputTokens;
        Clamped("max_tokens", $"The model's output limit is {Target.MaxOutputTokens} tokens; {Request.MaxOutputTokens} were asked for.");
        return Target.MaxOutputTokens.Value;
    }
}
