using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat.Rules;

/// <summary>One thing that a vendor refuses, as data.</summary>
internal sealed record RequestRule
{
    public required RuleKind Rule { get; init; }

    /// <summary>The member that the rule is about; also "param" of the refusal.</summary>
    public string Member { get; set; } = "";

    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>Lowest value that is refused: the range is open there.</summary>
    public double? Above { get; init; }

    public double? Below { get; init; }

    /// <summary>Values that are taken, as JSON.</summary>
    public IReadOnlyList<JsonElement> Values { get; set; } = [];

    /// <summary>Models that the rule holds for, by name or by its beginning with "*"; none means all.</summary>
    public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary>Models that the rule does not hold for.</summary>
    public IReadOnlyList<string> Except { get; set; } = [];

    public RuleCondition When { get; init; }

    /// <summary>Class of the refusal.</summary>
    public string Error { get; set; } = ErrorClass.Invalid;

    public required string Message { get; init; }

    public string? Code { get; init; }

    public bool HoldsFor(string model) => (Models.Count == 0 || Names(Models, model)) && !Names(Except, model);

    private static bool Names(IReadOnlyList<string> names, string model) => names.Any(name => name.EndsWith('*')
        ? model.StartsWith(name[..^1], StringComparison.OrdinalIgnoreCase)
        : string.Equals(name, model, StringComparison.OrdinalIgnoreCase));
}

[JsonConverter(typeof(SnakeCaseEnumConverter<RuleKind>))]
internal enum RuleKind
{
    /// <summary>A number must be in a range.</summary>
    Range,

    /// <summary>A member, or a member of a member as in "response_format.type", must have one of the values if it is there.</summary>
    OneOf,

    /// <summary>A member must not be there.</summary>
    Absent,

    /// <summary>A member must not be an object.</summary>
    NoObject,

    /// <summary>An array has at most "max" items.</summary>
    Items,

    /// <summary>A string, or each item of an array, has at most "max" bytes of UTF-8.</summary>
    Bytes,

    /// <summary>Roles of messages are among the values.</summary>
    Roles,

    /// <summary>No message is empty.</summary>
    NotBlank,

    /// <summary>The last message is not empty.</summary>
    LastNotBlank,

    /// <summary>The last message is not a plain one of the assistant.</summary>
    LastNotAssistant,

    /// <summary>An assistant message with tool calls carries its reasoning.</summary>
    ReasoningWithCalls,

    /// <summary>The request asks for a stream.</summary>
    StreamOnly,

    /// <summary>A prompt for JSON contains the word.</summary>
    JsonWord,

    /// <summary>Ids of tool calls are nine letters or digits.</summary>
    NineLetterIds,

    /// <summary>Content is a string, not a list of parts.</summary>
    TextContent,

    /// <summary>No message has a name.</summary>
    NoNames,

    /// <summary>Several choices need a temperature of at least "min".</summary>
    ChoicesNeedHeat,
}

/// <summary>When a rule holds.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RuleCondition>))]
internal enum RuleCondition { Always, Thinking, NotThinking, Plain, ThinkingAsked }
