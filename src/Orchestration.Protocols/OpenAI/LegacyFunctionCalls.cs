using System.Globalization;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Gives ids to the calls and results of the old <c>functions</c> form, which matches them by name and order.</summary>
internal sealed class LegacyFunctionCalls
{
    private readonly Dictionary<string, Queue<string>> _open = [];
    private int _count;

    public Part ReadCall(RequestContext context, JsonElement value)
    {
        var call = new ToolCall { Id = NextId() };
        if (context.IsObject(value, "function_call"))
        {
            context.Enter("function_call");
            ToolCallReader.ReadFunction(context, value, call);
            context.Leave();
        }

        if (!_open.TryGetValue(call.Name, out var ids))
            _open[call.Name] = ids = new Queue<string>();
        ids.Enqueue(call.Id);
        return new Part { ToolCall = call };
    }

    public string IdOfResult(string name) =>
        _open.TryGetValue(name, out var ids) && ids.TryDequeue(out var id) ? id : NextId();

    private string NextId() => "call_function_" + (_count++).ToString(CultureInfo.InvariantCulture);
}
