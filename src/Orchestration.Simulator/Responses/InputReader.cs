using System.Text;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Responses;

/// <summary>Reads input items and refuses calls without results, results without calls, and reasoning that it has not made.</summary>
internal sealed class InputReader(Vendor vendor, ConversationBuilder prompt, bool store)
{
    private readonly Dictionary<string, int> _open = [];
    private readonly HashSet<string> _called = [];

    public void Read(JsonElement input)
    {
        var position = 0;
        foreach (var item in input.EnumerateArray())
            ReadItem(item, position++);
        if (_open.Count > 0)
            throw Wrong($"No tool output found for function call {_open.MinBy(call => call.Value).Key}.");
    }

    private static WireRefusalException Wrong(string message, string? parameter = "input", string? code = null, int status = 400) =>
        new(new WireProblem(message, parameter, code, status));

    private void ReadItem(JsonElement item, int position)
    {
        switch (item.Text("type") ?? (item.Text("role") is null ? null : "message"))
        {
            case "message": ReadMessage(item, position); break;
            case "function_call": ReadCall(item, position); break;
            case "function_call_output": ReadOutput(item, position); break;
            case "reasoning": ReadReasoning(item, position); break;
            case var type: throw Wrong($"Invalid value: '{type}'.", $"input[{position}]", "invalid_value");
        }
    }

    private void ReadMessage(JsonElement item, int position)
    {
        var role = item.Text("role");
        if (role is not ("user" or "assistant" or "system" or "developer"))
            throw Wrong($"Invalid value: '{role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.", $"input[{position}].role", "invalid_value");
        var content = item.Member("content") ?? throw Wrong($"Missing required parameter: 'input[{position}].content'.", $"input[{position}].content", "missing_required_parameter");
        var text = new StringBuilder(content.ValueKind == JsonValueKind.String ? content.GetString() : "");
        var images = 0;
        if (content.ValueKind == JsonValueKind.Array)
        {
            var part = 0;
            foreach (var piece in content.EnumerateArray())
                ReadPart(piece, role, $"input[{position}].content[{part++}]", text, ref images);
        }
        prompt.Add(role == "developer" ? "system" : role, text.ToString(), images);
    }

    private static void ReadPart(JsonElement part, string role, string place, StringBuilder text, ref int images)
    {
        var type = part.Text("type");
        var fits = role == "assistant" ? type is "output_text" or "refusal" : type is "input_text" or "input_image" or "input_file" or "input_audio";
        if (!fits)
            throw Wrong($"Invalid value: '{type}'. Supported values are: {(role == "assistant" ? "'output_text' and 'refusal'" : "'input_text', 'input_image', and 'input_file'")}.", place, "invalid_value");
        if (type == "input_image")
        {
            if (part.Text("image_url") is null && part.Text("file_id") is null)
                throw Wrong($"Invalid type for '{place}.image_url': expected an image URL, but got an object instead.", place + ".image_url", "invalid_type");
            images++;
            text.Append("[image]");
        }
        text.Append(part.Text("text") ?? part.Text("refusal"));
    }

    private void ReadCall(JsonElement item, int position)
    {
        var id = item.Text("call_id") ?? throw Wrong($"Missing required parameter: 'input[{position}].call_id'.", $"input[{position}].call_id", "missing_required_parameter");
        if (item.Text("arguments") is null)
            throw Wrong($"Missing required parameter: 'input[{position}].arguments'.", $"input[{position}].arguments", "missing_required_parameter");
        _open[id] = position;
        _called.Add(id);
        prompt.AddRaw(item);
    }

    private void ReadOutput(JsonElement item, int position)
    {
        var id = item.Text("call_id") ?? throw Wrong($"Missing required parameter: 'input[{position}].call_id'.", $"input[{position}].call_id", "missing_required_parameter");
        if (!_called.Contains(id))
            throw Wrong($"No tool call found for function call output with call_id {id}.");
        _open.Remove(id);
        var output = item.Member("output") ?? throw Wrong($"Missing required parameter: 'input[{position}].output'.", $"input[{position}].output", "missing_required_parameter");
        prompt.Add("tool", output.ValueKind == JsonValueKind.String ? output.GetString() ?? "" : output.GetRawText());
    }

    private void ReadReasoning(JsonElement item, int position)
    {
        if (item.Member("summary") is not { ValueKind: JsonValueKind.Array })
            throw Wrong($"Missing required parameter: 'input[{position}].summary'.", $"input[{position}].summary", "missing_required_parameter");
        if (item.Text("encrypted_content") is { } content)
        {
            if (!ReasoningSeal.IsGenuine(vendor.Id, content))
                throw Wrong("The encrypted content could not be verified.", null, "invalid_encrypted_content");
        }
        else if (!store)
        {
            throw Wrong($"Item with id '{item.Text("id")}' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.", "input", null, 404);
        }
    }
}
