using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols;

/// <summary>Collects what an encoder had to drop or change.</summary>
internal sealed class EncodingWarnings
{
    private readonly List<Warning> _all = [];

    public IReadOnlyList<Warning> All => _all;

    public void Dropped(string param, string message) => Add("parameter_dropped", param, message);

    public void Changed(string param, string message) => Add("parameter_changed", param, message);

    public void Clamped(string param, string message) => Add("parameter_clamped", param, message);

    public void Add(string code, string param, string message) =>
        _all.Add(new Warning { Code = code, Param = param, Message = message });
}
