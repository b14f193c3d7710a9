namespace Orchestration.Console;

/// <summary>Names the console's texts. The English text itself is the key; other languages stand in <c>Resources/Texts.*.resx</c>.</summary>
internal sealed class Texts;
