using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Google.Protobuf.Reflection;
using Orchestration.Contracts.Admin.V1;

namespace Orchestration.Gateway.Admin.Reference;

/// <summary>
/// What the contracts say of themselves. Descriptors at run time hold no comments, the documentation file of the generated classes does; where
/// that was left out of an installation, the texts are empty.
/// </summary>
internal sealed partial class ContractTexts
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public ContractTexts()
    {
        var file = Path.ChangeExtension(Path.Combine(AppContext.BaseDirectory, typeof(SystemService).Assembly.ManifestModule.Name), "xml");
        if (!File.Exists(file))
            return;
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        foreach (var member in XDocument.Load(reader).Descendants("member"))
        {
            if (member.Attribute("name")?.Value is { } name && member.Element("summary")?.Value is { } text)
                _texts[name.Split('(')[0]] = Space().Replace(text, " ").Trim();
        }
    }

    public string Of(MessageDescriptor message) => _texts.GetValueOrDefault($"T:{message.ClrType?.FullName?.Replace('+', '.')}", "");

    public string Of(FieldDescriptor field) => field.PropertyName is { } property && field.ContainingType.ClrType is { } type
        ? _texts.GetValueOrDefault($"P:{type.FullName?.Replace('+', '.')}.{property}", "")
        : "";

    public string Of(MethodDescriptor method) =>
        _texts.GetValueOrDefault($"M:{NamespaceOf(method)}.{method.Service.Name}.{method.Service.Name}Base.{method.Name}", "");

    private static string NamespaceOf(MethodDescriptor method) => method.File.GetOptions()?.CsharpNamespace ?? "";

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
