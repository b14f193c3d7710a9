using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols;

/// <summary>Collects what an encoder had to drop or change, and why it cannot say a request at all.</summary>
internal sealed class EncodingWarnings
{
    private readonly List<Warning> _all = [];

    public IReadOnlyList<Warning> All => _all;

    /// <summary>See <see cref="EncodedRequest.Refused"/>.</summary>
    public Failure? Refused { get; private set; }

    public void Refuse(string param, string message) => Refused ??= RequestFailures.Invalid("unsupported_content", message, param);

    /// <summary>True for a member that goes nowhere because it would steer; the caller is told.</summary>
    public bool DropsSteering(string member)
    {
        if (!SteeringMembers.Contains(member))
            return false;
        Dropped(member, $"'{member}' cannot be set by a client.");
        return true;
    }

    public void Dropped(string param, string message) => Add("parameter_dropped", param, message);

    public void Changed(string param, string message) => Add("parameter_changed", param, message);

    public void Clamped(string param, string message) => Add("parameter_clamped", param, message);

    public void DroppedReasoning(string param, ReasoningPart reasoning, string message) => _all.Add(ReplayedReasoning.Dropped(param, reasoning, message));

    public void Add(string code, string param, string message) =>
        _all.Add(new Warning { Code = code, Param = param, Message = message });
}
