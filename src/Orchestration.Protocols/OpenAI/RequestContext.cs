using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>
/// Where a request decoder stands and what it found. After the first failure the readers return defaults,
/// so decoders need not check every step; loops check <see cref="Failed"/>.
/// </summary>
internal sealed class RequestContext
{
    private readonly List<(string? Name, int Index)> _path = [];

    public Failure? Failure { get; private set; }

    public List<Warning> Warnings { get; } = [];

    public bool Failed => Failure is not null;

    public void Enter(string name) => _path.Add((name, 0));

    public void Enter(int index) => _path.Add((null, index));

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    public void Fail(string member, string code, string message) =>
        Failure ??= RequestFailures.Invalid(code, message, PathTo(member));

    public void Missing(string member) =>
        Fail(member, "missing_required_parameter", $"Missing required parameter: '{PathTo(member)}'.");

    public void WrongType(string member, string expected, JsonElement value) =>
        Fail(member, "invalid_type", $"Invalid type for '{PathTo(member)}': expected {expected}, but got {NameOf(value.ValueKind)}.");

    public void Warn(string member, string code, string message) =>
        Warnings.Add(new Warning { Code = code, Param = PathTo(member), Message = message });

    /// <summary>True for a member that goes nowhere because it would steer; the client is told.</summary>
    public bool DropsSteering(string member)
    {
        if (!SteeringMembers.Contains(member))
            return false;
        Warn(member, "parameter_dropped", $"'{member}' cannot be set by a client and was ignored.");
        return true;
    }

    public bool IsObject(JsonElement value, string member) => Is(value, member, JsonValueKind.Object, "an object");

    public bool IsArray(JsonElement value, string member, int max)
    {
        if (!Is(value, member, JsonValueKind.Array, "an array"))
            return false;

        var length = value.GetArrayLength();
        if (length > max)
            Fail(member, "array_above_max_length", $"Invalid '{PathTo(member)}': array too long. Expected at most {max} items, but got {length}.");
        return !Failed;
    }

    /// <summary>The items of a list, each entered while it is looked at; ends behind the first that fails.</summary>
    public IEnumerable<JsonElement> Items(JsonElement value, string member, int max)
    {
        if (!IsArray(value, member, max))
            yield break;

        Enter(member);
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            Enter(index);
            yield return item;
            Leave();
            if (Failed)
                break;
        }

        Leave();
    }

    /// <summary>The same for a list that must hold objects.</summary>
    public IEnumerable<JsonElement> Objects(JsonElement value, string member, int max) =>
        Items(value, member, max).Where(item => IsObject(item, ""));

    public string Text(JsonElement value, string member, int max = int.MaxValue)
    {
        if (!Is(value, member, JsonValueKind.String, "a string"))
            return "";

        var text = value.GetString() ?? "";
        if (text.Length > max)
            Fail(member, "string_above_max_length", $"Invalid '{PathTo(member)}': string too long. Expected at most {max} characters, but got {text.Length}.");
        return text;
    }

    public string NotEmpty(JsonElement value, string member)
    {
        var text = Text(value, member);
        if (text.Length == 0)
            Fail(member, "empty_string", $"Invalid '{PathTo(member)}': the text must not be empty.");
        return text;
    }

    public bool Flag(JsonElement value, string member)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            WrongType(member, "a boolean", value);
        return value.ValueKind == JsonValueKind.True;
    }

    public int Integer(JsonElement value, string member, int min, int max)
    {
        if (!Is(value, member, JsonValueKind.Number, "an integer"))
            return min;
        if (value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;

        if (!value.TryGetDouble(out var approximate) || approximate != Math.Floor(approximate))
            WrongType(member, "an integer", value);
        else if (approximate > max)
            Fail(member, "integer_above_max_value", $"Invalid '{PathTo(member)}': integer above maximum value. Expected a value <= {max}, but got {value.GetRawText()} instead.");
        else if (approximate < min)
            Fail(member, "integer_below_min_value", $"Invalid '{PathTo(member)}': integer below minimum value. Expected a value >= {min}, but got {value.GetRawText()} instead.");
        else
            return (int)approximate;
        return min;
    }

    public double Number(JsonElement value, string member, double min, double max)
    {
        if (!Is(value, member, JsonValueKind.Number, "a number"))
            return min;
        if (value.TryGetDouble(out var number) && number >= min && number <= max)
            return number;

        var code = number > max ? "decimal_above_max_value" : "decimal_below_min_value";
        Fail(member, code, string.Create(CultureInfo.InvariantCulture, $"Invalid '{PathTo(member)}': expected a value from {min} to {max}."));
        return min;
    }

    public string PathTo(string member)
    {
        var path = new StringBuilder();
        foreach (var (name, index) in _path)
        {
            if (name is null)
                path.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');
            else
                path.Append(path.Length > 0 ? "." : "").Append(name);
        }

        if (member.Length > 0)
            path.Append(path.Length > 0 ? "." : "").Append(member);
        return path.ToString();
    }

    private bool Is(JsonElement value, string member, JsonValueKind kind, string expected)
    {
        if (value.ValueKind != kind)
            WrongType(member, expected, value);
        return value.ValueKind == kind;
    }

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
