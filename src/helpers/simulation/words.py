"""Invented names of the simulated city, in the Spanish of its registries."""

CITY = "Ciudad Modelo"
"""Name of the simulated city."""

DISTRICTS = ("Centro", "Costanera", "Estación", "Los Álamos", "Villa Nueva", "El Molino")
"""Its six districts, row by row from the south-west."""

NEIGHBOURHOODS = (
    "Plaza Vieja", "La Aduana", "San Telésforo", "Mercado Norte",
    "Las Barrancas", "Playa Chica", "Los Pescadores", "El Faro",
    "Talleres", "La Vía", "Km 4", "Empalme",
    "Los Tilos", "El Bosquecito", "Las Acacias", "Jardín del Este",
    "Santa Elvira", "El Progreso", "Veinte de Julio", "La Loma",
    "La Harinera", "Puente Verde", "Las Quintas", "Arroyo Manso",
)  # fmt: skip
"""Neighbourhoods, four to a district."""

VENUE_KINDS = ("Centro de Distrito", "Biblioteca Popular", "Club Social", "Escuela N.º", "Polideportivo")

PROPOSALS = {
    "public_works": ("Cordón cuneta en {place}", "Desagüe pluvial en {place}", "Iluminación LED en {place}"),
    "mobility": ("Ciclovía hasta {place}", "Semáforo sonoro en {place}", "Refugio de colectivo en {place}"),
    "environment": ("Arbolado en {place}", "Punto verde en {place}", "Limpieza del canal en {place}"),
    "culture_sport": ("Playón deportivo en {place}", "Taller de música en {place}", "Biblioteca móvil en {place}"),
    "safety_coexistence": ("Mediación vecinal en {place}", "Senda segura en {place}"),
    "health": ("Ampliar el centro de salud de {place}", "Postas de vacunación en {place}"),
    "social_rights_gender": ("Espacio de mujeres en {place}", "Rampa de acceso en {place}"),
    "education": ("Apoyo escolar en {place}", "Aula digital en {place}"),
    "children_youth": ("Plaza inclusiva en {place}", "Festival joven en {place}"),
    "urban_planning": ("Nueva plaza en {place}", "Recuperar el galpón de {place}"),
    "economy_employment": ("Feria de emprendedores en {place}", "Huerta productiva en {place}"),
    "budget_and_transparency": ("Tablero de obras de {place}", "Rendición trimestral en {place}"),
}
"""Titles of proposals by theme."""

THEMES = tuple(PROPOSALS)

CONSULTATIONS = (
    ("mobility", "Plan de Movilidad"),
    ("environment", "Ordenanza de Residuos"),
    ("urban_planning", "Borde Costero"),
    ("culture_sport", "Calendario Cultural"),
    ("health", "Red de Salud Barrial"),
    ("education", "Jardines Municipales"),
    ("economy_employment", "Ferias y Mercados"),
    ("safety_coexistence", "Código de Convivencia"),
)
"""Theme and name of the public consultations, two a year."""

CIVIC = (
    ("cm-foro-costa", "Foro Ciudadano de la Costa", "environment", "Asociación Amigas y Amigos del Río Manso"),
    ("cm-obras-ojos", "Ojos en la Obra: monitoreo vecinal", "public_works", "Fundación Cuentas a la Vista"),
    ("cm-cabildo-joven", "Cabildo Joven Autoconvocado", "children_youth", "Red Juvenil del Molino"),
    ("cm-red-cuidados", "Red de Cuidados Comunitarios", "social_rights_gender", "Red de Cuidados Comunitarios"),
    ("cm-bici-abierta", "Asamblea Bici Abierta", "mobility", "Colectivo Bici Abierta"),
    ("cm-presupuesto-abierto", "Observatorio del Presupuesto", "budget_and_transparency", "Universidad del Llano"),
)
"""Id, name, theme and promoter of the initiatives of civil society."""

UNITS = ("Secretaría de Cercanía", "Secretaría de Hacienda", "Secretaría de Ambiente", "Secretaría de Cultura")
"""Municipal units that answer for the instances of the state."""

ACTORS = (
    ("Municipalidad de Ciudad Modelo", "executive"),
    ("Concejo Deliberante de Ciudad Modelo", "legislative"),
    ("Defensoría Vecinal", "independent"),
    ("Universidad del Llano", "academia"),
    ("Asociación Amigas y Amigos del Río Manso", "cso"),
    ("Fundación Cuentas a la Vista", "cso"),
    ("Red Juvenil del Molino", "community_group"),
    ("Red de Cuidados Comunitarios", "community_group"),
    ("Colectivo Bici Abierta", "community_group"),
    ("Mujeres de la Vía", "cso"),
    ("Cámara de Comercio de Ciudad Modelo", "private"),
    ("Radio Comunitaria La Loma", "media"),
    ("Casa de las Personas Migrantes", "cso"),
    ("Asociación Sin Barreras", "cso"),
)
"""Bodies of the stakeholder map with their sector."""
