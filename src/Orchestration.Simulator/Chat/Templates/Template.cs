using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestration.Simulator.Chat.Templates;

/// <summary>JSON as a vendor writes it, with gaps that an answer fills; a member or item whose gap stays empty is left out.</summary>
[JsonConverter(typeof(TemplateConverter))]
internal abstract class Template
{
    public static Template Compile(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new ObjectTemplate(json),
        JsonValueKind.Array => new ArrayTemplate(json),
        JsonValueKind.String when json.GetString() is ['$', .. var slot] => new SlotTemplate(slot),
        _ => new LiteralTemplate(json),
    };

    public abstract bool IsPresent(AnswerSlots slots);

    public abstract void Write(IBufferWriter<byte> writer, AnswerSlots slots);
}

internal sealed class TemplateConverter : JsonConverter<Template>
{
    /// <summary>A template may be the literal null.</summary>
    public override bool HandleNull => true;

    public override Template Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Template.Compile(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, Template value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Templates are only read.");
}
